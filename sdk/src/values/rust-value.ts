/** The values that stand for those of Rust, and the ways to make them. */

import type { HandleTable } from "./handle-table.js";

/**
 * What stands for a value of Rust, or for the way in which one is to be made: `ArcValue`, `VMap` and
 * what `json()` returns. Rust gets the value itself; TypeScript handlers and subscribers get `toJS()`.
 */
export abstract class RustValue {
  /** The plain JavaScript value. */
  abstract toJS(): unknown;
}

/** The brand of values that Rust holds: the method that gives the handle in a thread's table. */
export const handleIn: unique symbol = Symbol("runar-ts.handleIn");

/** A value that Rust holds, and that crosses as its handle. */
export interface HeldValue {
  [handleIn](table: HandleTable): number;
}

/** Whether a value crosses as its handle. */
export function isHeldValue(value: object): value is HeldValue {
  return handleIn in value;
}

/** A value as TypeScript handlers, callers and subscribers get it. */
export function plain(value: unknown): unknown {
  return typeof value === "object" && value instanceof RustValue ? value.toJS() : value;
}

/** What `json()` returns. */
export class JsonValue<Value = unknown> extends RustValue {
  readonly #value: Value;

  constructor(value: Value) {
    super();
    this.#value = value;
  }

  /** The object as it was given. */
  toJS(): Value {
    return this.#value;
  }

  /** The object as it was given: `JSON.stringify` shows it. */
  toJSON(): Value {
    return this.#value;
  }
}

/**
 * Sends an object to a Rust handler as one json value instead of as a map of named parameters: for
 * handlers that take one struct, or that read the payload as json. To TypeScript handlers it is the
 * plain object. It cannot hold bytes, NaN or infinities.
 *
 * @example
 * await node.request("users/create", json({ id: 7, name: "Ann" }));
 */
export function json<Value>(value: Value): JsonValue<Value> {
  return new JsonValue(plain(value) as Value);
}
