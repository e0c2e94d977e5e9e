/** Checks of what users pass, each of which refuses a wrong value by its path. */

import { createError, type ErrorCode } from "../errors/errors.js";
import { nearestName } from "./nearest-name.js";

const INVALID_ARGUMENT: ErrorCode = "ERR_RUNAR_INVALID_ARGUMENT";

/** Refuses the value at a path: the message begins with the path, and `details` has it. */
export function refuse(
  where: string,
  what: string,
  code: ErrorCode = INVALID_ARGUMENT,
  details?: object,
): never {
  throw createError(code, `${where}: ${what}`, { details: { path: where, ...details } });
}

/** Refuses a value that is not what is expected at a path. */
export function refuseType(
  given: unknown,
  expected: string,
  where: string,
  code: ErrorCode = INVALID_ARGUMENT,
): never {
  return refuse(where, `expected ${expected}, got ${kindOf(given)}`, code);
}

/** Refuses unknown keys, naming the nearest known one. */
export function checkKeys(
  given: object,
  known: readonly string[],
  where: string,
  code: ErrorCode = INVALID_ARGUMENT,
): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const nearest = nearestName(key, known);
    const hint =
      nearest === undefined ? `known are ${known.join(", ")}` : `did you mean ${nearest}?`;
    refuse(`${where}.${key}`, `unknown key, ${hint}`, code);
  }
}

/** Refuses anything but a plain object. */
export function checkObject(
  given: unknown,
  where: string,
  code: ErrorCode = INVALID_ARGUMENT,
): asserts given is object {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    refuseType(given, "an object", where, code);
  }
}

/** Refuses anything but an object that has only known keys. */
export function checkOptions(
  given: unknown,
  known: readonly string[],
  where = "options",
  code: ErrorCode = INVALID_ARGUMENT,
): asserts given is object {
  checkObject(given, where, code);
  checkKeys(given, known, where, code);
}

/** A number of milliseconds above zero; `undefined` stays so. */
export function checkMilliseconds(
  given: unknown,
  where: string,
  code: ErrorCode = INVALID_ARGUMENT,
): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "number" && given > 0) return given;
  const got = typeof given === "number" ? given : kindOf(given);
  return refuse(where, `expected a number of milliseconds above 0, got ${got}`, code);
}

/** Refuses anything but a whole number from `least` on, infinity, or nothing. */
export function checkCount(given: unknown, least: number, where: string, code?: ErrorCode): void {
  if (given === undefined || given === Number.POSITIVE_INFINITY) return;
  if (Number.isInteger(given) && (given as number) >= least) return;
  const got = typeof given === "number" ? given : kindOf(given);
  refuse(where, `expected a whole number from ${least} on, got ${got}`, code);
}

/** Refuses anything but a function, or nothing. */
export function checkFunction(given: unknown, where: string, code?: ErrorCode): void {
  if (given === undefined || typeof given === "function") return;
  refuseType(given, "a function", where, code);
}

/** A text; `undefined` stays so. */
export function checkString(given: unknown, where: string, code?: ErrorCode): string | undefined {
  if (given === undefined || typeof given === "string") return given;
  return refuseType(given, "a string", where, code);
}

/** Refuses anything but one of some words, or nothing. */
export function checkWord(
  given: unknown,
  known: readonly string[],
  where: string,
  code?: ErrorCode,
): void {
  if (given === undefined || (known as readonly unknown[]).includes(given)) return;
  const quoted = known.map((word) => JSON.stringify(word));
  const last = quoted.pop();
  const expected = quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
  refuse(where, `expected ${expected}, got ${JSON.stringify(given)}`, code);
}

/** What a value is, in the words of a message. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value === undefined) return "undefined";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
