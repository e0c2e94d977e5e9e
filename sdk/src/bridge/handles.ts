/** The table of the Rust values that this thread holds, by their handles. */

import { createError } from "../errors/errors.js";
import { callNative, native } from "../native/binding.js";
import type { HandleTable } from "../values/handle-table.js";

/** The owner of a handle. The garbage collector closes it when the program does not. */
export class Handle {
  readonly #table: Handles;
  #number: number;

  constructor(table: Handles, number: number) {
    this.#table = table;
    this.#number = number;
  }

  get table(): HandleTable {
    return this.#table;
  }

  /** The isolate that holds the value, by its number. */
  get isolate(): number {
    return this.#table.isolate;
  }

  get closed(): boolean {
    return this.#number === 0;
  }

  /** @throws LifecycleError once it has been closed. */
  get number(): number {
    if (this.#number !== 0) return this.#number;
    throw createError("ERR_RUNAR_CLOSED", "The ArcValue has been closed");
  }

  /** @throws ValueError unless the table is the one that holds the value. */
  numberIn(table: HandleTable): number {
    const { number } = this;
    if (table === this.#table) return number;
    throw createError("ERR_RUNAR_VALUE", "An ArcValue cannot leave the thread that made it");
  }

  /** The owner of another handle of the same table. */
  sibling(number: number): Handle {
    return this.#table.adopt(number);
  }

  close(): void {
    if (this.#number === 0) return;
    this.#table.close(this, this.#number);
    this.#number = 0;
  }
}

export class Handles implements HandleTable {
  readonly isolate: number;
  /** Sends the release of a handle, after all messages that were written before. */
  readonly #release: (handle: number) => void;
  /** Releases the handles whose owners were not closed. */
  readonly #abandoned = new FinalizationRegistry<number>((handle) => this.#release(handle));

  constructor(isolate: number, release: (handle: number) => void) {
    this.isolate = isolate;
    this.#release = release;
  }

  attach(bytes: Uint8Array): number {
    return callNative(() => native.valueAttach(this.isolate, bytes));
  }

  drop(handle: number): void {
    callNative(() => native.valueDrop(this.isolate, handle));
  }

  take(handle: number, size: number): Uint8Array {
    // Not filled with zeros first: every byte is written.
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
    callNative(() => native.valueTake(this.isolate, handle, bytes));
    return bytes;
  }

  adopt(number: number): Handle {
    const handle = new Handle(this, number);
    this.#abandoned.register(handle, number, handle);
    return handle;
  }

  close(handle: Handle, number: number): void {
    this.#abandoned.unregister(handle);
    this.#release(number);
  }
}
