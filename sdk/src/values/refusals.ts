/** The reasons why values cannot cross, with what to send instead. */

import { fitsInRust, isDetached, isUnicode, type Kind, typedArrayName } from "./kinds.js";

/** What is wrong with a value that is no object; `undefined` when nothing is. */
export function leafProblem(value: unknown, jsonOnly: boolean): string | undefined {
  switch (typeof value) {
    case "function":
      return isClass(value) ? "a class cannot cross" : "a function cannot cross; leave it out";
    case "symbol":
      return "a symbol cannot cross; send a string";
    case "bigint":
      if (fitsInRust(value)) return undefined;
      return "the bigint fits neither i64 nor u64; send it as a string";
    case "string":
      if (isUnicode(value)) return undefined;
      return "a string with half of a surrogate pair is no Unicode; send toWellFormed(), or bytes";
    case "number":
      if (!jsonOnly || Number.isFinite(value)) return undefined;
      return `json has no ${value}; send null, or leave json out`;
    default:
      return undefined;
  }
}

function isClass(value: unknown): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

/** What to send instead, by the name of the type. */
const INSTEAD: Record<string, string> = {
  Date: "send toISOString()",
  Map: "send Object.fromEntries(it), or [...it]",
  Set: "send [...it]",
  WeakMap: "leave it out",
  WeakSet: "leave it out",
  WeakRef: "leave it out",
  RegExp: "send its source and its flags",
  Promise: "await it first",
  Number: "send valueOf()",
  String: "send valueOf()",
  Boolean: "send valueOf()",
  BigInt: "send valueOf()",
  Symbol: "send a string",
  ArrayBuffer: "send new Uint8Array(it)",
  SharedArrayBuffer: "send new Uint8Array(it)",
  DataView: "send new Uint8Array(it.buffer, it.byteOffset, it.byteLength)",
  URL: "send its href",
  Error: "send { name, message }",
};

/** An example of each, whose internal slots tell it from an object that only says so. */
const SLOTS: readonly [name: string, test: (value: object) => unknown][] = [
  ["Date", (value) => Date.prototype.getTime.call(value)],
  ["Map", (value) => Map.prototype.has.call(value, 0)],
  ["Set", (value) => Set.prototype.has.call(value, 0)],
  ["WeakMap", (value) => WeakMap.prototype.has.call(value, value)],
  ["WeakSet", (value) => WeakSet.prototype.has.call(value, value)],
  ["WeakRef", (value) => WeakRef.prototype.deref.call(value)],
  ["Number", (value) => Number.prototype.valueOf.call(value)],
  ["String", (value) => String.prototype.valueOf.call(value)],
  ["Boolean", (value) => Boolean.prototype.valueOf.call(value)],
  ["BigInt", (value) => BigInt.prototype.valueOf.call(value)],
  ["Symbol", (value) => Symbol.prototype.valueOf.call(value)],
  ["ArrayBuffer", (value) => ArrayBuffer.prototype.slice.call(value, 0, 0)],
];

function has(test: (value: object) => unknown, value: object): boolean {
  try {
    test(value);
    return true;
  } catch {
    return false;
  }
}

function typeName(value: object): string {
  const slot = SLOTS.find(([, test]) => has(test, value));
  if (slot !== undefined) return slot[0];
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag in INSTEAD) return tag;
  return value instanceof Error ? "Error" : tag;
}

function article(name: string): string {
  return /^([AEIO]|U(?!RL|int))/.test(name) ? `an ${name}` : `a ${name}`;
}

/** What is wrong with an object. */
export function objectProblem(value: object, kind: Kind): string {
  const typedArray = typedArrayName(value);
  if (kind === "rust") {
    return "only Rust takes a value of Rust as a part of another; send its toJS()";
  }
  if (kind === "bytes")
    return "json has no bytes; send Array.from(it) for a Vec<u8>, or base64 text";
  if (typedArray !== undefined) {
    if (typedArray === "Uint8Array" && isDetached(value)) {
      return "a Uint8Array whose buffer was transferred away cannot cross; send a copy";
    }
    return `${article(typedArray)} cannot cross; send Array.from(it), or its bytes as a Uint8Array`;
  }
  const type = typeName(value);
  const instead = INSTEAD[type];
  if (instead !== undefined) return `${article(type)} cannot cross; ${instead}`;
  const name = className(value) ?? type;
  if (name === "Object")
    return "an object that inherits from another cannot cross; send a plain one";
  const { toJSON, then } = value as { toJSON?: unknown; then?: unknown };
  if (typeof then === "function") return `${article(name)} cannot cross; await it first`;
  if (typeof toJSON === "function") return `${article(name)} cannot cross; send its toJSON()`;
  return `${article(name)} cannot cross; send a plain object, such as { ...it }`;
}

function className(value: object): string | undefined {
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === "string" && name !== "" && name !== "Object" ? name : undefined;
}
