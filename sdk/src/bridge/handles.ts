/** The Rust values that this isolate holds, by their handles. */

import { ArcValue } from "../api/arc-value.js";
import { callNative, native } from "../native/binding.js";

export class Held {
  readonly isolate: number;
  /** Tells Rust, after all that was said before, that a handle is not used any more. */
  readonly #release: (handle: number) => void;
  /** For those that nobody closes. */
  readonly #abandoned = new FinalizationRegistry<number>((handle) => this.#release(handle));

  constructor(isolate: number, release: (handle: number) => void) {
    this.isolate = isolate;
    this.#release = release;
  }

  /** Gives bytes to Rust before the message that carries their handle. */
  attach(bytes: Uint8Array): number {
    return callNative(() => native.valueAttach(this.isolate, bytes));
  }

  /** Forgets at once what no message has carried. */
  drop(handle: number): void {
    callNative(() => native.valueDrop(this.isolate, handle));
  }

  /** Copies bytes that a message has brought, and forgets their handle. */
  take(handle: number, size: number): Uint8Array {
    // Not filled with zeros first: every byte is written.
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
    callNative(() => native.valueTake(this.isolate, handle, bytes));
    return bytes;
  }

  /** The owner of a handle. */
  adopt(handle: number): ArcValue {
    const value = new ArcValue(this, handle);
    this.#abandoned.register(value, handle, value);
    return value;
  }

  /** The handle of an open value of this isolate. */
  handleOf(value: ArcValue): number {
    return value.handleIn(this);
  }

  close(value: ArcValue, handle: number): void {
    this.#abandoned.unregister(value);
    this.#release(handle);
  }
}
