/** The source of a streamed result: a handler's iteration. */

import type { Expiring } from "../bridge/deadlines.js";
import { createError, describeThrown } from "../errors/errors.js";
import { afterTurn } from "../platform/event-loop.js";
import { plain } from "../values/rust-value.js";
import type { Call } from "./call.js";
import type { CallContext } from "./call-context.js";
import { handlerError } from "./handler-error.js";
import type { StreamsPort } from "./ports.js";
import type { Batch } from "./stream-reader.js";

/** The items of one answer to a peer. */
const MAX_BATCH_ITEMS = 64;
/** From this size on a batch is sent without waiting for more items. */
const FULL_BATCH_BYTES = 256 * 1024;
/** A stream that is not read for this long is closed: its reader may have vanished. */
const MAX_UNREAD_MS = 300_000;

export class StreamSource implements Expiring {
  deadline = 0;
  readonly #host: StreamsPort;
  readonly #iterator: AsyncIterator<unknown>;
  readonly #context: CallContext;
  readonly #aborted: Promise<never>;
  /** The next item, while the handler makes it. */
  #reading: Promise<IteratorResult<unknown>> | undefined;
  #isOver = false;
  readonly #forget: () => void;

  constructor(
    host: StreamsPort,
    stream: AsyncIterable<unknown>,
    readonly call: Call,
    context: CallContext,
    forget: () => void,
  ) {
    this.#host = host;
    this.#iterator = stream[Symbol.asyncIterator]();
    this.#context = context;
    this.#forget = forget;
    this.#aborted = new Promise((_, reject) => {
      context.onAbort = (reason) => {
        this.#close();
        reject(reason);
      };
    });
    // The reader gets the error.
    this.#aborted.catch(() => undefined);
    host.running.add(context);
    host.isolate.deadlines.add(this, MAX_UNREAD_MS);
  }

  /** The stream was not read in time. */
  expire(): void {
    this.leave(createError("ERR_RUNAR_TIMEOUT", `${this.call.path}: the stream was not read`));
  }

  leave(reason: unknown): void {
    if (!this.#isOver) this.#context.abort(reason);
  }

  /** The next item, or the end. */
  async next(): Promise<IteratorResult<unknown>> {
    const { deadlines } = this.#host.isolate;
    deadlines.delete(this, MAX_UNREAD_MS);
    this.#context.renew();
    this.#reading ??= Promise.resolve(this.#iterator.next());
    try {
      const result = await Promise.race([this.#reading, this.#aborted]);
      this.#reading = undefined;
      if (result.done) this.#close();
      else deadlines.add(this, MAX_UNREAD_MS);
      return result;
    } catch (error) {
      this.#close();
      throw handlerError(this.call.path, error);
    }
  }

  /** The items that are ready, and at least one. */
  async batch(): Promise<Batch> {
    const items: unknown[] = [];
    let bytes = 0;
    let isLate = false;
    const late = new Promise<undefined>((resolve) =>
      afterTurn(() => {
        isLate = true;
        resolve(undefined);
      }),
    );
    do {
      if (items.length > 0) {
        // An item that takes longer, or fails, goes into the next batch.
        this.#reading ??= Promise.resolve(this.#iterator.next());
        const soon = this.#reading.then(
          () => true,
          () => false,
        );
        if ((await Promise.race([soon, late])) !== true) break;
      }
      const { done, value } = await this.next();
      if (done) return { items, done };
      items.push(plain(value));
      bytes += sizeOf(value);
    } while (!isLate && items.length < MAX_BATCH_ITEMS && bytes < FULL_BATCH_BYTES);
    return { items, done: false };
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const host = this.#host;
    host.isolate.deadlines.delete(this, MAX_UNREAD_MS);
    this.#forget();
    // The clean-up of a generator is part of the handler's work.
    const ended = () => {
      host.running.delete(this.#context);
      host.workEnded();
    };
    Promise.resolve(this.#iterator.return?.())
      .catch((error) => {
        const text = `${this.call.path}: failed while it was left: ${describeThrown(error)}`;
        host.logger.warn(text, { error });
      })
      .then(ended);
  }
}

/** The approximate size of an item in bytes. */
function sizeOf(item: unknown): number {
  if (typeof item === "string") return item.length;
  if (item instanceof Uint8Array) return item.byteLength;
  if (typeof item !== "object" || item === null) return 8;
  let bytes = 8;
  for (const part of Object.values(item)) {
    if (typeof part === "string") bytes += part.length;
    else bytes += part instanceof Uint8Array ? part.byteLength : 64;
  }
  return bytes;
}
