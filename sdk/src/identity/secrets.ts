/** The checks and the printing that objects with keys share. */

import { checkString, refuseType } from "../validation/validator.js";

/** The method by which `util.inspect` and `console.log` have an object print itself. */
export const inspected: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** An object of a class by its public facts alone, as `util.inspect` shows an object. */
export function printed(
  className: string,
  facts: object,
  options: object,
  inspect: ((value: object, options: object) => string) | undefined,
): string {
  return `${className} ${inspect === undefined ? JSON.stringify(facts) : inspect(facts, options)}`;
}

/** Bytes as they are, or those of a text, which is base64. */
export function checkKeyBytes(given: unknown, where: string): Uint8Array {
  if (typeof given === "string") return new TextEncoder().encode(given);
  return checkBytes(given, where, "a Uint8Array or a base64 string");
}

/** Refuses anything but a Uint8Array. */
export function checkBytes(given: unknown, where: string, expected = "a Uint8Array"): Uint8Array {
  if (given instanceof Uint8Array) return given;
  return refuseType(given, expected, where);
}

/** A string, or none. */
export function checkText(given: unknown, where: string): string | null {
  return checkString(given, where) ?? null;
}
