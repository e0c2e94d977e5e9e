/** Values of Rust, as they are. */

import type { Held } from "../bridge/handles.js";
import { isolate } from "../bridge/isolate.js";
import { Reader, Writer } from "../bridge/wire.js";
import { createError } from "../errors/errors.js";
import { callNative, native } from "../native/binding.js";
import { dispose } from "../platform/dispose.js";
import { checkKeys, checkObject } from "../validation/options.js";
import { checkValue } from "../values/check.js";
import { decode } from "../values/decode.js";
import { encode } from "../values/encode.js";
import { type JsonText, jsonReady } from "../values/json-ready.js";
import { RustValue } from "../values/rust-value.js";
import { VMap } from "./vmap.js";

/** How Rust sorts values. */
export type ArcCategory = "null" | "primitive" | "list" | "map" | "struct" | "bytes" | "json";

const AS = [
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

/** What a value is to be in Rust. */
export type ArcType = (typeof AS)[number];

interface Description {
  readonly category: ArcCategory;
  readonly typeName: string | null;
  readonly size: number | null;
  /** By what its parts are found, when it has any. */
  readonly parts: "keys" | "items" | null;
}

/** Kept from one value to the next; a getter that makes one while another is written finds none. */
let spare: Writer | undefined;

/** Makes a value of Rust; `root` names it in errors. */
export function makeArcValue(value: unknown, as: ArcType | null, root: string): ArcValue {
  if (as === "json") checkValue(value, root, { jsonOnly: true });
  const { held } = isolate();
  const writer = spare ?? new Writer(held);
  spare = undefined;
  try {
    encode(writer, value, root, "rust");
    const bytes = writer.bytes.subarray(0, writer.length);
    return held.adopt(callNative(() => native.valueMake(held.isolate, as, bytes)));
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
 * collector finds it. TypeScript handlers and subscribers to whom it is sent get its `toJS()`.
 *
 * Members throw a LifecycleError (`ERR_RUNAR_CLOSED`) after it was closed.
 *
 * @example
 * using user = await node.request("users/get", 7, { as: "arc" });
 * console.log(user.typeName, user.get("name")?.toJS());
 * await node.request("mailer/greet", user); // not decoded on its way
 */
export class ArcValue extends RustValue implements Iterable<ArcValue> {
  readonly #held: Held;
  #handle: number;
  #description: Description | undefined;

  /** @internal */
  constructor(held: Held, handle: number) {
    super();
    this.#held = held;
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
    checkObject(options, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    checkKeys(options, ["as"], "options", "ERR_RUNAR_INVALID_ARGUMENT");
    const as = options.as ?? null;
    if (as !== null && !AS.includes(as)) {
      const hint = (as as string) === "struct" ? "a Rust struct is made from json; " : "";
      throw createError(
        "ERR_RUNAR_INVALID_ARGUMENT",
        `options.as: ${hint}expected one of ${AS.join(", ")}, got ${JSON.stringify(as)}`,
        { details: { path: "options.as" } },
      );
    }
    return makeArcValue(value, as, "value");
  }

  /** @internal */
  handleIn(held: Held): number {
    const handle = this.#open();
    if (held === this.#held) return handle;
    throw createError("ERR_RUNAR_VALUE", "An ArcValue cannot leave the thread that made it");
  }

  #open(): number {
    if (this.#handle !== 0) return this.#handle;
    throw createError("ERR_RUNAR_CLOSED", "The ArcValue has been closed");
  }

  #describe(): Description {
    const handle = this.#open();
    this.#description ??= JSON.parse(
      callNative(() => native.valueDescribe(this.#held.isolate, handle)),
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

  /** How many items, entries or bytes it has; `undefined` for what has none. */
  get size(): number | undefined {
    return this.#describe().size ?? undefined;
  }

  /** Whether its parts have keys: it is a map, a struct or a json object. */
  get hasKeys(): boolean {
    return this.#describe().parts === "keys";
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#handle === 0;
  }

  /** The value of a key of a map, a struct or a json object; `undefined` where there is none. */
  get(key: string): ArcValue | undefined {
    const handle = this.#open();
    return this.#part(callNative(() => native.valueGet(this.#held.isolate, handle, key)));
  }

  /** Whether a map, a struct or a json object has the key. */
  has(key: string): boolean {
    const part = this.get(key);
    part?.close();
    return part !== undefined;
  }

  /** An item of a list or a json array, a negative index counting from its end. */
  at(index: number): ArcValue | undefined {
    const handle = this.#open();
    const from = index < 0 ? index + (this.size ?? 0) : index;
    if (!Number.isInteger(from) || from < 0 || from >= (this.size ?? 0)) return undefined;
    return this.#part(callNative(() => native.valueAt(this.#held.isolate, handle, from)));
  }

  #part(handle: number): ArcValue | undefined {
    return handle === 0 ? undefined : this.#held.adopt(handle);
  }

  /** The keys of a map (sorted: it has no order of its own), a struct or a json object, else none. */
  keys(): string[] {
    const handle = this.#open();
    return callNative(() => native.valueKeys(this.#held.isolate, handle));
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
    const handle = this.#open();
    const bytes = callNative(() => native.valueRead(this.#held.isolate, handle, key ?? null));
    return decode(new Reader(this.#held, bytes));
  }

  /** The plain value, as a caller gets it who does not ask for an ArcValue. */
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

  /** Gives the value up. Requests that were made with it before still carry it. */
  close(): void {
    if (this.#handle === 0) return;
    this.#held.close(this, this.#handle);
    this.#handle = 0;
  }

  /** The same as `close()`. */
  [dispose](): void {
    this.close();
  }
}
