/** The sink that keeps its records, for assertions. */

import { isDeepStrictEqual } from "node:util";
import { createError } from "../errors/errors.js";
import type { LogRecord, LogSink } from "../logging/record.js";
import { clearTimeout, setTimeout } from "../platform/clock.js";
import { checkMilliseconds, checkOptions } from "../validation/validator.js";

/** The default timeout of `waitFor`. */
const PATIENCE_MS = 5_000;
/** How many records the message of a failed wait shows. */
const SHOWN = 20;

const COMPARED = [
  "level",
  "label",
  "component",
  "service",
  "action",
  "event",
  "requestId",
  "traceparent",
] as const;
const KEYS = [...COMPARED, "message", "fields"];

/**
 * What a record must have: all that is named here; or a function that says so.
 *
 * @example
 * const soldOut: LogMatch = { service: "shop", level: "warn", message: /^sold out/ };
 */
export type LogMatch =
  | ((record: LogRecord) => boolean)
  | (Partial<Pick<LogRecord, (typeof COMPARED)[number]>> & {
      /** The whole text, or an expression that fits it. */
      message?: string | RegExp;
      /** Fields that it must have among its own, with equal values. */
      fields?: Record<string, unknown>;
    });

/** Makes a function of a match, once it makes sense. */
function matcher(match: LogMatch): (record: LogRecord) => boolean {
  if (typeof match === "function") return match;
  checkOptions(match, KEYS, "match");
  const { message, fields = {} } = match;
  return (record) =>
    COMPARED.every((key) => match[key] === undefined || match[key] === record[key]) &&
    (message === undefined ||
      (typeof message === "string"
        ? message === record.message
        : record.message.search(message) >= 0)) &&
    Object.entries(fields).every(([key, value]) => isDeepStrictEqual(record.fields?.[key], value));
}

function describe(match: LogMatch): string {
  if (typeof match === "function") return match.toString();
  return JSON.stringify(match, (_, value) => (value instanceof RegExp ? String(value) : value));
}

function line({ level, component, service, action, message }: LogRecord): string {
  const where = [service ?? component, action].filter((part) => part !== undefined).join("/");
  return `${level} ${where}: ${message}`;
}

/**
 * The sink that `recordLogs()` makes.
 *
 * @example
 * const logs: RecordedLogs = recordLogs();
 * const node = new Node({}, { logger: logs });
 */
export class RecordedLogs implements LogSink {
  #records: LogRecord[] = [];
  #waiting = new Set<(record: LogRecord) => void>();

  /** What the node has delivered so far, in order. */
  get records(): readonly LogRecord[] {
    return this.#records;
  }

  /** For the node: takes records in. */
  write(records: readonly LogRecord[]): void {
    for (const record of records) {
      this.#records.push(record);
      for (const look of this.#waiting) look(record);
    }
  }

  /**
   * The records that fit, in order.
   *
   * @throws InvalidArgumentError for a key that a match does not have.
   * @example
   * assert.deepEqual(logs.filter({ level: "error" }), []);
   */
  filter(match: LogMatch): LogRecord[] {
    return this.#records.filter(matcher(match));
  }

  /**
   * The first record that fits; `undefined` when there is none yet. Records are delivered a moment after
   * they are written: use `waitFor` for one that must come.
   *
   * @throws InvalidArgumentError for a key that a match does not have.
   * @example
   * assert.equal(logs.find({ service: "shop" })?.message, "open");
   */
  find(match: LogMatch): LogRecord | undefined {
    return this.#records.find(matcher(match));
  }

  /**
   * The first record that fits, of those that are here or are still to come.
   *
   * @param options.timeoutMs milliseconds of real time, `fakeClock()` or not: 5000 by default
   * @throws TimeoutError that says which records have come instead; InvalidArgumentError for a key that
   * a match does not have.
   * @example
   * const record = await logs.waitFor({ service: "shop", message: /^sold out/ });
   */
  async waitFor(match: LogMatch, options: { timeoutMs?: number } = {}): Promise<LogRecord> {
    checkOptions(options, ["timeoutMs"]);
    const { timeoutMs = PATIENCE_MS } = options;
    checkMilliseconds(timeoutMs, "options.timeoutMs");
    const fits = matcher(match);
    const known = this.#records.find(fits);
    if (known !== undefined) return known;
    return new Promise((resolve, reject) => {
      const look = (record: LogRecord) => {
        if (!fits(record)) return;
        ended();
        resolve(record);
      };
      const timer = setTimeout(() => {
        ended();
        reject(this.#missing(match, timeoutMs));
      }, timeoutMs);
      const ended = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
    });
  }

  /**
   * Forgets the records that are here.
   *
   * @example
   * beforeEach(() => logs.clear());
   */
  clear(): void {
    this.#records = [];
  }

  #missing(match: LogMatch, timeoutMs: number): Error {
    const shown = this.#records.slice(-SHOWN).map((record) => `  ${line(record)}`);
    const what = shown.length === 0 ? "none has come" : `the last ${shown.length} were:`;
    const message = `no log record ${describe(match)} within ${timeoutMs} ms; ${what}`;
    return createError("ERR_RUNAR_TIMEOUT", [message, ...shown].join("\n"), {
      details: { timeoutMs },
    });
  }
}

/**
 * A sink that keeps the records of a node, for tests of what a service logs. A node of
 * `createTestNode()` has one already.
 *
 * @example
 * const logs = recordLogs();
 * const node = new Node({}, { logger: logs, logLevel: "debug" });
 * // …
 * await logs.waitFor({ level: "warn", message: /out of stock/ });
 */
export function recordLogs(): RecordedLogs {
  return new RecordedLogs();
}
