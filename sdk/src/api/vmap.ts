/** A map of Rust as JavaScript's own. */

import { createError } from "../errors/errors.js";
import { dispose } from "../platform/dispose.js";
import { type JsonText, jsonReady } from "../values/json-ready.js";
import { RustValue } from "../values/rust-value.js";
import { ArcValue } from "./arc-value.js";

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

  /** Gives up the value of Rust behind it. */
  close(): void {
    this.arc.close();
  }

  /** The same as `close()`. */
  [dispose](): void {
    this.close();
  }
}
