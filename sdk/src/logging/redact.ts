/**
 * Hides what must not be logged. The paths are pino's: `password`, `payload.card.number`,
 * `headers["set-cookie"]`, `users[*].email`, `*.secret`. What the program gave is never changed: the
 * objects along a path are copied.
 */

import { createError, describeThrown } from "../errors/errors.js";
import { checkKeys, kindOf } from "../validation/validator.js";
import { asPlain } from "./readable.js";

/** What `new Node(config, { redact })` takes: paths within a record's `fields`. */
export type RedactOption = readonly string[] | RedactOptions;

/** Paths, and what becomes of what they lead to. */
export interface RedactOptions {
  /** Paths within a record's `fields`; `*` stands for every key, or every place in an array. */
  paths: readonly string[];
  /** What stands there instead: `[Redacted]` by default. */
  censor?: string;
  /** Whether to leave it out altogether. */
  remove?: boolean;
}

/** Copies fields without what is to be hidden. */
export type Redactor = (fields: Record<string, unknown>) => Record<string, unknown>;

const CENSOR = "[Redacted]";
const KEYS = ["paths", "censor", "remove"];
const ANY = "*";

/** The paths as a tree: what a key leads to, and whether it is itself to be hidden. */
class Branch {
  readonly inner = new Map<string, Branch>();
  hidden = false;

  add(path: readonly string[]): void {
    let branch: Branch = this;
    for (const key of path) {
      let next = branch.inner.get(key);
      if (next === undefined) {
        next = new Branch();
        branch.inner.set(key, next);
      }
      branch = next;
    }
    branch.hidden = true;
  }
}

/** A part of a path: a name, or in brackets a name in quotes, a place, or `*`. */
const PART = /^(?:\.?([^.[\]"'\s,]+)|\[(?:"([^"]+)"|'([^']+)'|(\d+|\*))\])/;

function parse(path: unknown, where: string): string[] {
  const parts: string[] = [];
  let rest = typeof path === "string" ? path : "";
  while (rest !== "") {
    const match = rest.startsWith(".") && parts.length === 0 ? null : PART.exec(rest);
    if (match === null) break;
    parts.push((match[1] ?? match[2] ?? match[3] ?? match[4]) as string);
    rest = rest.slice(match[0].length);
  }
  if (rest !== "" || parts.length === 0) {
    throw createError(
      "ERR_RUNAR_INVALID_ARGUMENT",
      `${where}: ${JSON.stringify(path)} is no path; write payload.password, headers["set-cookie"] or users[*].email`,
      { details: { path: where } },
    );
  }
  return parts;
}

/** @throws InvalidArgumentError that names the path that is none. */
export function makeRedactor(option: RedactOption): Redactor {
  const isList = Array.isArray(option);
  const options = (isList ? { paths: option } : option) as RedactOptions;
  const where = isList ? "options.redact" : "options.redact.paths";
  if (typeof options !== "object" || options === null || !Array.isArray(options.paths)) {
    throw createError(
      "ERR_RUNAR_INVALID_ARGUMENT",
      `options.redact: expected a list of paths, or an object with paths, got ${kindOf(option)}`,
      { details: { path: "options.redact" } },
    );
  }
  checkKeys(options, KEYS, "options.redact", "ERR_RUNAR_INVALID_ARGUMENT");
  const { paths, censor = CENSOR, remove = false } = options;
  const root = new Branch();
  for (const [index, path] of paths.entries()) root.add(parse(path, `${where}[${index}]`));

  /**
   * Copies an object where something in it is hidden, and returns it as it is where nothing is.
   * Several branches lead to the same value where a name and `*` both fit.
   */
  function copy(value: unknown, branches: readonly Branch[]): unknown {
    if (typeof value !== "object" || value === null) return value;
    // Paths lead through a Map and a Set by what a sink shows of them.
    const given = asPlain(value) as Record<string, unknown>;
    let copied: Record<string, unknown> | undefined;
    for (const key of keysOf(given, branches)) {
      const fitting: Branch[] = [];
      for (const { inner } of branches) {
        const named = inner.get(key);
        if (named !== undefined) fitting.push(named);
        const any = key === ANY ? undefined : inner.get(ANY);
        if (any !== undefined) fitting.push(any);
      }
      const isHidden = fitting.some(({ hidden }) => hidden);
      const inner = isHidden ? undefined : given[key];
      const next = isHidden ? censor : copy(inner, fitting);
      if (!isHidden && next === inner) continue;
      copied ??= (Array.isArray(given) ? [...given] : { ...given }) as Record<string, unknown>;
      if (!isHidden || !remove) copied[key] = next;
      else if (Array.isArray(copied)) copied[key] = undefined;
      else delete copied[key];
    }
    if (copied === undefined) return value;
    if (value instanceof Set) return new Set(Object.values(copied));
    return value instanceof Map && !Array.isArray(copied)
      ? new Map(Object.entries(copied))
      : copied;
  }

  return (fields) => {
    try {
      return copy(fields, [root]) as Record<string, unknown>;
    } catch (thrown) {
      // Nothing is shown where it is not known what must be hidden.
      return { unreadable: describeThrown(thrown) };
    }
  };
}

/** The keys that a path may lead through: all of them only for `*`, since bytes have many. */
function keysOf(value: object, branches: readonly Branch[]): string[] {
  if (branches.some(({ inner }) => inner.has(ANY))) return Object.keys(value);
  const names = new Set(branches.flatMap(({ inner }) => [...inner.keys()]));
  return [...names].filter((name) => Object.prototype.propertyIsEnumerable.call(value, name));
}
