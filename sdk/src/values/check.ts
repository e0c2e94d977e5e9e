/**
 * The check whether a value is portable, that is, means the same in every lane. It refuses a part that is
 * not, with its path and with what to send instead, and may freeze one that is.
 */

import { createError, describeThrown } from "../errors/errors.js";
import { MAX_DEPTH } from "../generated/protocol.js";
import { kindOfObject, symbolKey } from "./kinds.js";
import { leafProblem, objectProblem } from "./refusals.js";
import { JsonValue, type RustValue } from "./rust-value.js";

export interface CheckOptions {
  /** Whether values of Rust may be parts of the value: for what Rust alone reads. */
  nestedRustValues?: boolean;
  /** Whether objects and arrays are frozen, from the innermost on. */
  freeze?: boolean;
  /** Whether only what JSON has may be in it. */
  jsonOnly?: boolean;
}

/** @throws ValueError for the first thing that cannot cross. */
export function checkValue(value: unknown, root: string, options: CheckOptions = {}): void {
  new Check(root, options).visit(value, undefined, 0);
}

type Key = string | number;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

function step(key: Key): string {
  if (typeof key === "number") return `[${key}]`;
  return IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

class Check {
  /** The objects around what is being visited, and the keys between them. */
  readonly #ancestors: object[] = [];
  readonly #keys: Key[] = [];

  constructor(
    readonly root: string,
    readonly options: CheckOptions,
  ) {}

  #path(depth = this.#keys.length): string {
    return this.root + this.#keys.slice(0, depth).map(step).join("");
  }

  #refuse(what: string, cause?: unknown): never {
    const path = this.#path();
    throw createError("ERR_RUNAR_VALUE", `${path}: ${what}`, {
      details: { path },
      ...(cause === undefined ? {} : { cause }),
    });
  }

  visit(value: unknown, key: Key | undefined, depth: number): void {
    if (key !== undefined) this.#keys.push(key);
    if (typeof value === "object" && value !== null) {
      this.#object(value, depth);
    } else {
      const problem = leafProblem(value, this.options.jsonOnly === true);
      if (problem !== undefined) this.#refuse(problem);
    }
    if (key !== undefined) this.#keys.pop();
  }

  #object(value: object, depth: number): void {
    const seenAt = this.#ancestors.indexOf(value);
    if (seenAt !== -1) {
      this.#refuse(`leads back to ${this.#path(seenAt)}; a cycle cannot cross`);
    }
    if (depth >= MAX_DEPTH) this.#refuse(`nested deeper than ${MAX_DEPTH} levels`);
    const kind = this.#read(() => kindOfObject(value));
    const { jsonOnly, nestedRustValues, freeze } = this.options;
    if (kind === "bytes" && !jsonOnly) return;
    if (kind === "rust") {
      const isTop = depth === 0;
      if (!jsonOnly && (isTop || nestedRustValues)) this.#rustValue(value as RustValue, depth);
      else this.#refuse(objectProblem(value, kind));
      return;
    }
    if (kind === "array" || kind === "object") {
      this.#ancestors.push(value);
      if (kind === "array") this.#array(value as unknown[], depth);
      else this.#plainObject(value as Record<string, unknown>, depth);
      this.#ancestors.pop();
      if (freeze) this.#read(() => Object.freeze(value));
      return;
    }
    this.#refuse(this.#read(() => objectProblem(value, kind)));
  }

  #rustValue(value: RustValue, depth: number): void {
    if (!(value instanceof JsonValue)) return;
    this.#ancestors.push(value);
    this.visit(value.toJS(), undefined, depth + 1);
    this.#ancestors.pop();
  }

  #array(array: unknown[], depth: number): void {
    const length = this.#read(() => array.length);
    if (length !== length >>> 0) this.#refuse(`says that its length is ${String(length)}`);
    for (let index = 0; index < length; index++) {
      const item = this.#property(array, index);
      if (item === undefined && !this.#read(() => index in array)) {
        this.#keys.push(index);
        this.#refuse("a hole in an array cannot cross; send null or undefined");
      }
      this.visit(item, index, depth + 1);
    }
  }

  #plainObject(object: Record<string, unknown>, depth: number): void {
    const symbol = this.#read(() => symbolKey(object));
    if (symbol !== undefined) {
      this.#refuse(`a symbol as a key (${String(symbol)}) cannot cross; use a string`);
    }
    for (const key of this.#read(() => Object.keys(object))) {
      const problem = leafProblem(key, false);
      if (problem !== undefined) this.#refuse(`the key ${JSON.stringify(key)}: ${problem}`);
      this.visit(this.#property(object, key), key, depth + 1);
    }
  }

  #property(object: object, key: Key): unknown {
    try {
      return (object as Record<Key, unknown>)[key];
    } catch (cause) {
      this.#keys.push(key);
      this.#refuse(`reading it threw: ${describeThrown(cause)}`, cause);
    }
  }

  /** A proxy may throw on any access. */
  #read<T>(body: () => T): T {
    try {
      return body();
    } catch (cause) {
      this.#refuse(`reading it threw: ${describeThrown(cause)}`, cause);
    }
  }
}
