/** What the program prints: for people on a terminal, as JSON elsewhere or on demand. */

import { inspect } from "node:util";
import { ERRORS } from "../generated/error-table.js";
import { colors, errorColors } from "./colors.js";
import { CliError, EXIT, exitOf } from "./exits.js";

/** JSON has no integers beyond 2^53, no bytes and no `undefined`. */
function writable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : value;
}

/** One line of JSON. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, writable) ?? "null";
}

/** A value as people read it on a terminal. */
export function toText(value: unknown): string {
  return inspect(value, { colors: colors.isColorSupported, depth: 8 });
}

/** Where a command prints its results. */
export class Output {
  readonly json: boolean;

  /** @param json what the user asked for; by default a terminal gets tables. */
  constructor(json: boolean | undefined) {
    this.json = json ?? process.stdout.isTTY !== true;
  }

  /** One result: a line of JSON, or what `text` makes of it. */
  print(value: unknown, text: () => string): void {
    process.stdout.write(`${this.json ? toJson(value) : text()}\n`);
  }
}

/** Where to read on about an error of the SDK. */
function adviceOn(code: string | undefined): string | undefined {
  if (code === undefined || !Object.hasOwn(ERRORS, code)) return undefined;
  return `npx runar-ts explain ${code}: what to do about it`;
}

/** Tells of a failure on the standard error stream; returns the exit code. */
export function printFailure(thrown: unknown, json: boolean): number {
  const exit = exitOf(thrown);
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const advice = error instanceof CliError ? error.advice : adviceOn(code);
  if (json) {
    const told = { exit, exitCode: EXIT[exit], code, message: error.message, advice };
    process.stderr.write(`${toJson({ error: told })}\n`);
  } else {
    const suffix = code === undefined ? "" : errorColors.dim(` (${code})`);
    process.stderr.write(`${errorColors.red("error:")} ${error.message}${suffix}\n`);
    if (advice !== undefined) process.stderr.write(`${advice}\n`);
  }
  return EXIT[exit];
}
