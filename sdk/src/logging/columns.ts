/** The decoder of Rust's batches of records, which cross column by column (`logs/columns.rs`). */

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
  // A copy of it is the cheapest way to a record that has no key without a value.
  const template: LogRecord = { time: 0, level: "info", message: "", target: "", seq: 0 };
  if (nodeId !== undefined) template.nodeId = nodeId;
  if (label !== undefined) template.label = label;
  const name = (number: number | undefined) => names[(number as number) - 1] as string;
  for (let row = 0; row < time.length; row++) {
    const record = { ...template };
    record.time = time[row] as number;
    record.level = LOG_LEVELS[level[row] as number] as LogLevel;
    record.message = message[row] as string;
    record.target = name(target[row]);
    if (component[row] !== 0) record.component = name(component[row]);
    if (action[row] !== 0) record.action = name(action[row]);
    if (event[row] !== 0) record.event = name(event[row]);
    if (raw?.[row] != null) record.raw = raw[row] as string;
    if (fields?.[row] != null) record.fields = fields[row] as Record<string, unknown>;
    records.push(record);
  }
  return { records, levels, dropped, left };
}
