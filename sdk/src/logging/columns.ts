/** Batches of Rust's records, which cross column by column (`log_columns.rs`). */

import type { PerLevel } from "./queue.js";
import { LOG_LEVELS, type LogLevel, type LogRecord } from "./record.js";

/** The same names as in Rust. */
interface Columns {
  levels: PerLevel;
  dropped: PerLevel;
  left: number;
  time: number[];
  level: number[];
  message: string[];
  raw?: (string | null)[];
  fields?: (Record<string, unknown> | null)[];
  /** What the columns below mean by a number from 1 on; 0 means nothing. */
  names: string[];
  target: number[];
  component: number[];
  action: number[];
  event: number[];
}

/** What Rust hands over at once. */
export interface RustBatch {
  records: LogRecord[];
  /** How many of them have each level. */
  levels: PerLevel;
  /** How many were dropped before them. */
  dropped: PerLevel;
  /** How many still wait. */
  left: number;
}

/** Makes records of the text of a batch, for the node that is named. */
export function readBatch(
  text: string,
  nodeId: string | undefined,
  label: string | undefined,
): RustBatch {
  const columns = JSON.parse(text) as Columns;
  const { time, level, message, raw, fields, names, target, component, action, event } = columns;
  const { levels, dropped, left } = columns;
  const records: LogRecord[] = [];
  for (let row = 0; row < time.length; row++) {
    const named = (column: number[]) => names[(column[row] as number) - 1];
    records.push({
      time: time[row] as number,
      level: LOG_LEVELS[level[row] as number] as LogLevel,
      message: message[row] as string,
      raw: raw?.[row] ?? undefined,
      nodeId,
      label,
      component: named(component),
      action: named(action),
      event: named(event),
      target: named(target) as string,
      fields: fields?.[row] ?? undefined,
      seq: 0,
    });
  }
  return { records, levels, dropped, left };
}
