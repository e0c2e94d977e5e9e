/** The classification of values by which both the encoder and the check go. */

import { INT64_MAX, INT64_MIN, UINT64_MAX } from "./int64.js";
import { RustValue } from "./rust-value.js";

export type Kind = "array" | "object" | "bytes" | "rust" | "other";

const typedArrayTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get as (this: unknown) => string | undefined;

/** The name of a typed array's type, whichever realm it is of; `undefined` for anything else. */
export function typedArrayName(value: object): string | undefined {
  return typedArrayTag.call(value);
}

/** What an object is to the codec; a prototype may be that of another realm, as test runners have. */
export function kindOfObject(value: object): Kind {
  if (Array.isArray(value)) return "array";
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return "object";
  if (typedArrayName(value) === "Uint8Array") return isDetached(value) ? "other" : "bytes";
  if (value instanceof RustValue) return "rust";
  const isPlain =
    Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
  return isPlain ? "object" : "other";
}

/** Node before 21 has no property that tells; only an empty array can be one whose buffer is gone. */
export function isDetached(value: object): boolean {
  const { length, buffer } = value as Uint8Array;
  if (length > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** What a key that is no string would lose. Keys that are not enumerable are no data. */
export function symbolKey(value: object): symbol | undefined {
  const symbols = Object.getOwnPropertySymbols(value);
  if (symbols.length === 0) return undefined;
  return symbols.find((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol));
}

export function fitsInRust(value: bigint): boolean {
  return value >= INT64_MIN && value <= (value > INT64_MAX ? UINT64_MAX : INT64_MAX);
}

type WellFormed = { isWellFormed?(): boolean };

/** Whether a text is Unicode: UTF-8 cannot hold half of a surrogate pair. */
export function isUnicode(text: string): boolean {
  // Node 18 lacks isWellFormed; with the u flag the class matches lone surrogates alone.
  return (text as WellFormed).isWellFormed?.() ?? !/\p{Surrogate}/u.test(text);
}
