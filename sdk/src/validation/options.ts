/** Checks of what users pass: unknown keys, and numbers that make sense. */

import { createError, type ErrorCode } from "../errors/errors.js";
import { native } from "../native/binding.js";

/** Refuses keys that are not known, naming the nearest that is. */
export function checkKeys(
  given: object,
  known: readonly string[],
  where: string,
  code: ErrorCode,
): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const nearest = native.nearestName(key, [...known]);
    const hint = nearest === null ? `known are ${known.join(", ")}` : `did you mean ${nearest}?`;
    throw createError(code, `${where}.${key}: unknown key, ${hint}`, {
      details: { path: `${where}.${key}` },
    });
  }
}

/** Refuses anything but a plain object. */
export function checkObject(
  given: unknown,
  where: string,
  code: ErrorCode,
): asserts given is object {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw createError(code, `${where}: expected an object, got ${kindOf(given)}`, {
      details: { path: where },
    });
  }
}

/** A number of milliseconds above zero; `undefined` stays so. */
export function checkMilliseconds(
  given: unknown,
  where: string,
  code: ErrorCode = "ERR_RUNAR_INVALID_ARGUMENT",
): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "number" || !(given > 0)) {
    throw createError(
      code,
      `${where}: expected a number of milliseconds above 0, got ${typeof given === "number" ? given : kindOf(given)}`,
      { details: { path: where } },
    );
  }
  return given;
}

/** A whole number from `least` on; `undefined` stays so. */
export function checkCount(given: unknown, least: number, where: string, code: ErrorCode): void {
  if (given === undefined || given === Number.POSITIVE_INFINITY) return;
  if (Number.isInteger(given) && (given as number) >= least) return;
  const got = typeof given === "number" ? given : kindOf(given);
  throw createError(code, `${where}: expected a whole number from ${least} on, got ${got}`, {
    details: { path: where },
  });
}

/** A function, or nothing. */
export function checkFunction(given: unknown, where: string, code: ErrorCode): void {
  if (given === undefined || typeof given === "function") return;
  throw createError(code, `${where}: expected a function, got ${kindOf(given)}`, {
    details: { path: where },
  });
}

/** What something is, in the words of a message. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value === undefined) return "undefined";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
