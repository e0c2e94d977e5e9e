/** Values that stay in Rust: any of them, and a map as JavaScript's own. */

import type { Handle } from "../bridge/handles.js";
import { isolate } from "../bridge/isolate.js";
import { createError } from "../errors/errors.js";
import { callNative, native } from "../native/binding.js";
import { dispose } from "../platform/dispose.js";
import { checkOptions, refuse } from "../validation/validator.js";
import { Reader, Writer } from "../values/buffers.js";
import { checkValue } from "../values/check.js";
import { decode } from "../values/decode.js";
import { encode } from "../values/encode.js";
import type { HandleTable } from "../values/handle-table.js";
import { type JsonText, jsonReady } from "../values/json-ready.js";
import { handleIn, RustValue } from "../values/rust-value.js";

/** How Rust sorts values. */
export type ArcCategory = "null" | "primitive" | "list" | "map" | "struct" | "bytes" | "json";

const TYPES = [
  "i32",
  "u32",
  "i64",
  "u64",
  "f32",
  "f64",
  "bool",
  "string",
  "bytes",
  "json",
  "map",
  "list",
] as const;

const FROM_OPTIONS = ["as"];

/** What a value is to be in Rust. */
export type ArcType = (typeof TYPES)[number];

interface Description {
  readonly category: ArcCategory;
  readonly typeName: string | null;
  readonly size: number | null;
  /** How its parts are addressed, if it has any. */
  readonly parts: "keys" | "items" | null;
}

/** Reused from one value to the next; `undefined` while a value is being written. */
let spare: Writer | undefined;

/** Makes a value of Rust; `root` names it in errors. */
export function makeArcValue(value: unknown, as: ArcType | null, root: string): ArcValue {
  if (as === "json") checkValue(value, root, { jsonOnly: true });
  const { handles } = isolate();
  const writer = spare ?? new Writer(handles);
  spare = undefined;
  try {
    encode(writer, value, root, "rust");
    const bytes = writer.bytes.subarray(0, writer.length);
    const number = callNative(() => native.valueMake(handles.isolate, as, bytes));
    return new ArcValue(handles.adopt(number));
  } finally {
    writer.clear();
    spare = writer;
  }
}

const inspectSymbol = Symbol.for("nodejs.util.inspect.custom");
type Inspect = (value: unknown, options?: object) => string;

/**
 * A value of Rust. It is read piece by piece, goes to Rust services unchanged, and lives until it is
 * closed: with `close()`, at the end of a block that declares it with `using`, or when the garbage
 * collector finds it. TypeScript handlers and subscribers that receive it get its `toJS()`.
 *
 * Members throw a LifecycleError (`ERR_RUNAR_CLOSED`) after it was closed.
 *
 * @example
 * using user = await node.request("users/get", 7, { as: "arc" });
 * console.log(user.typeName, user.get("name")?.toJS());
 * await node.request("mailer/greet", user); // not decoded on its way
 */
export class ArcValue extends RustValue implements Iterable<ArcValue> {
  readonly #handle: Handle;
  #description: Description | undefined;

  /** @internal */
  constructor(handle: Handle) {
    super();
    this.#handle = handle;
  }

  /**
   * Makes a value of Rust. Without `as` it is what a Rust service gets for the same payload: a map
   * for a plain object, else json, a primitive, or bytes. With `as` the type is what it says; a Rust
   * struct is made from `json`. Numbers and bigints that do not fit are refused.
   *
   * @throws ValueError naming what cannot cross, or does not fit.
   * @example
   * await node.request("counter/set", ArcValue.from(7, { as: "u32" }));
   */
  static from(value: unknown, options: { as?: ArcType } = {}): ArcValue {
    checkOptions(options, FROM_OPTIONS);
    const as = options.as ?? null;
    if (as !== null && !TYPES.includes(as)) {
      const hint = (as as string) === "struct" ? "a Rust struct is made from json; " : "";
      const known = TYPES.join(", ");
      refuse("options.as", `${hint}expected one of ${known}, got ${JSON.stringify(as)}`);
    }
    return makeArcValue(value, as, "value");
  }

  /** @internal */
  [handleIn](table: HandleTable): number {
    return this.#handle.numberIn(table);
  }

  #describe(): Description {
    const { isolate, number } = this.#handle;
    this.#description ??= JSON.parse(
      callNative(() => native.valueDescribe(isolate, number)),
    ) as Description;
    return this.#description;
  }

  /** The kind of the value. */
  get category(): ArcCategory {
    return this.#describe().category;
  }

  /** The name of the Rust type, such as `i32` or `shop::Order`; `undefined` for null. */
  get typeName(): string | undefined {
    return this.#describe().typeName ?? undefined;
  }

  /** The number of its items, entries or bytes; `undefined` for a value without any. */
  get size(): number | undefined {
    return this.#describe().size ?? undefined;
  }

  /** Whether its parts have keys: it is a map, a struct or a json object. */
  get hasKeys(): boolean {
    return this.#describe().parts === "keys";
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#handle.closed;
  }

  /** The value of a key of a map, a struct or a json object; `undefined` where there is none. */
  get(key: string): ArcValue | undefined {
    const { isolate, number } = this.#handle;
    return this.#part(callNative(() => native.valueGet(isolate, number, key)));
  }

  /** Whether a map, a struct or a json object has the key. */
  has(key: string): boolean {
    const part = this.get(key);
    part?.close();
    return part !== undefined;
  }

  /** An item of a list or a json array, a negative index counting from its end. */
  at(index: number): ArcValue | undefined {
    const { isolate, number } = this.#handle;
    const from = index < 0 ? index + (this.size ?? 0) : index;
    if (!Number.isInteger(from) || from < 0 || from >= (this.size ?? 0)) return undefined;
    return this.#part(callNative(() => native.valueAt(isolate, number, from)));
  }

  #part(number: number): ArcValue | undefined {
    return number === 0 ? undefined : new ArcValue(this.#handle.sibling(number));
  }

  /** The keys of a map (sorted: it has no order of its own), a struct or a json object, else none. */
  keys(): string[] {
    const { isolate, number } = this.#handle;
    return callNative(() => native.valueKeys(isolate, number));
  }

  /** The items of a list or a json array, or the values in the order of `keys()`, one at a time. */
  *[Symbol.iterator](): IterableIterator<ArcValue> {
    const { parts, size } = this.#describe();
    const count = parts === null ? 0 : (size ?? 0);
    const keys = parts === "keys" ? this.keys() : undefined;
    for (let index = 0; index < count; index++) {
      const part = keys === undefined ? this.at(index) : this.get(keys[index] as string);
      if (part !== undefined) yield part;
    }
  }

  /** The value as a map to read from; it ends with this value. */
  asMap<Value = unknown>(): VMap<Value> {
    return new VMap<Value>(this);
  }

  /** The plain value of a key, without a handle of its own. @internal */
  read(key?: string): unknown {
    const { isolate, number } = this.#handle;
    const bytes = callNative(() => native.valueRead(isolate, number, key ?? null));
    return decode(new Reader(this.#handle.table, bytes));
  }

  /** The plain value, as callers without `{ as: "arc" }` get it. */
  toJS<Value = unknown>(): Value {
    return this.read() as Value;
  }

  /** The plain value as JSON can hold it: bytes as base64, a bigint as its digits. */
  toJSON(): JsonText {
    return jsonReady(this.toJS());
  }

  /** @internal */
  [inspectSymbol](_depth: number, options: object, inspect: Inspect): string {
    if (this.closed) return "ArcValue (closed)";
    const { category, typeName, size } = this.#describe();
    const about = [typeName ?? category, ...(size === null ? [] : [size])].join(", ");
    const LARGE = 1000;
    const content = (size ?? 0) > LARGE ? "…" : inspect(this.toJS(), options);
    return `ArcValue(${about}) ${content}`;
  }

  /** Releases the value. Requests that were made with it before still carry it. */
  close(): void {
    this.#handle.close();
  }

  /** The same as `close()`. */
  [dispose](): void {
    this.close();
  }
}

/**
 * A map of Rust, read as a `ReadonlyMap` from strings to plain values; each value is decoded when it
 * is asked for. It cannot be written to: values of Rust are shared. Rust services get it unchanged,
 * TypeScript ones a plain object. It lives as its ArcValue does.
 *
 * @example
 * using settings = VMap.from({ theme: "dark", size: 12 });
 * settings.get("size"); // 12
 * JSON.stringify(settings); // {"size":12,"theme":"dark"}
 */
export class VMap<Value = unknown> extends RustValue implements ReadonlyMap<string, Value> {
  /** The value of Rust behind it. */
  readonly arc: ArcValue;

  /** @throws ValueError when the value has no keys: it is no map, struct or json object. */
  constructor(arc: ArcValue) {
    super();
    if (!arc.hasKeys) {
      throw createError("ERR_RUNAR_VALUE", `A value of category ${arc.category} is no map`);
    }
    this.arc = arc;
  }

  /** Makes a map of Rust from an object, or from entries such as those of a `Map`. */
  static from<Value>(
    entries: Readonly<Record<string, Value>> | Iterable<readonly [string, Value]>,
  ): VMap<Value> {
    const object = Symbol.iterator in entries ? Object.fromEntries(entries) : entries;
    return new VMap<Value>(ArcValue.from(object, { as: "map" }));
  }

  /** @internal */
  [handleIn](table: HandleTable): number {
    return this.arc[handleIn](table);
  }

  /** How many keys it has. */
  get size(): number {
    return this.arc.size ?? 0;
  }

  /** Whether it has the key. */
  has(key: string): boolean {
    return this.arc.has(key);
  }

  /** The value of a key, decoded now; `undefined` if there is none. */
  get(key: string): Value | undefined {
    return this.arc.read(key) as Value | undefined;
  }

  /** Sorted where Rust's own map has no order. */
  *keys(): MapIterator<string> {
    yield* this.arc.keys();
  }

  /** In the order of the keys. */
  *values(): MapIterator<Value> {
    for (const [, value] of this) yield value;
  }

  /** In the order of the keys. */
  *entries(): MapIterator<[string, Value]> {
    for (const key of this.arc.keys()) yield [key, this.get(key) as Value];
  }

  /** The entries, as of a `Map`. */
  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  /** Calls a function for each entry, as a `Map` does. */
  forEach(
    callback: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void,
    self?: unknown,
  ): void {
    for (const [key, value] of this) callback.call(self, value, key, this);
  }

  /** The map as a plain object. */
  toJS(): Record<string, Value> {
    return this.arc.toJS();
  }

  /** The map as a plain object that JSON can hold. */
  toJSON(): JsonText {
    return jsonReady(this.toJS());
  }

  /** What `Object.prototype.toString` names it. */
  get [Symbol.toStringTag](): string {
    return "VMap";
  }

  /** Releases the value of Rust behind it. */
  close(): void {
    this.arc.close();
  }

  /** The same as `close()`. */
  [dispose](): void {
    this.close();
  }
}
