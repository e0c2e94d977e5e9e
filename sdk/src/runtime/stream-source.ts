/** The source of a streamed result: a handler's iteration. */

import { AsyncResource } from "node:async_hooks";
import type { Expiring } from "../bridge/deadlines.js";
import type { Abortable } from "../bridge/ports.js";
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
/** The same while the node stops. */
const MAX_UNREAD_DRAINING_MS = 500;

export class StreamSource implements Expiring, Abortable {
  deadline = 0;
  readonly #host: StreamsPort;
  readonly #iterator: AsyncIterator<unknown>;
  readonly #context: CallContext;
  /** The async context of the call: each step of the iteration runs in it. */
  readonly #scope = new AsyncResource("RunarStream");
  /** The next item, while the handler makes it. */
  #reading: Promise<IteratorResult<unknown>> | undefined;
  /** Rejects the reads that wait. */
  readonly #interrupts = new Set<(reason: unknown) => void>();
  /** The time for which the stream may go unread; `undefined` while it is read. */
  #unreadMs: number | undefined;
  #isOver = false;
  readonly #forget: (source: StreamSource) => void;

  /** `forget` is called once the stream is over. */
  constructor(
    host: StreamsPort,
    stream: AsyncIterable<unknown>,
    readonly call: Call,
    context: CallContext,
    forget: (source: StreamSource) => void,
  ) {
    this.#host = host;
    this.#context = context;
    this.#forget = forget;
    this.#iterator = this.#inCall(() => stream[Symbol.asyncIterator]());
    context.onAbort = (reason) => {
      this.#close();
      for (const interrupt of this.#interrupts) interrupt(reason);
    };
    host.running.add(context);
    this.wait(MAX_UNREAD_MS);
    // The caller gave up before the stream came.
    if (context.aborted) this.#close();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Runs a part of the iteration as a part of the call. */
  #inCall<T>(body: () => T): T {
    const context = this.#context;
    const { observation } = context;
    return this.#scope.runInAsyncScope(() =>
      this.#host.run(context, () => (observation === undefined ? body() : observation.run(body))),
    );
  }

  /** Waits for a read, no longer than so long. */
  wait(unreadMs: number): void {
    this.#readOrOver();
    if (this.#isOver) return;
    const isDraining = this.#host.state === "draining";
    this.#unreadMs = isDraining ? Math.min(unreadMs, MAX_UNREAD_DRAINING_MS) : unreadMs;
    const { deadlines, keepalive } = this.#host.isolate;
    deadlines.add(this, this.#unreadMs);
    if (isDraining) keepalive.check();
  }

  /** It is read, or over: it expires no longer. */
  #readOrOver(): void {
    if (this.#unreadMs === undefined) return;
    this.#host.isolate.deadlines.delete(this, this.#unreadMs);
    this.#unreadMs = undefined;
  }

  /** The reader has it, and reads when it likes to. */
  renew(): void {
    if (this.#unreadMs !== undefined) this.wait(MAX_UNREAD_MS);
  }

  /** The node stops. A stream that is not read soon is not work that it waits for. */
  drain(): void {
    if (this.#unreadMs !== undefined) this.wait(this.#unreadMs);
  }

  /** The stream was not read in time. */
  expire(): void {
    this.#unreadMs = undefined;
    const code = this.#host.state === "draining" ? "ERR_RUNAR_STOPPED" : "ERR_RUNAR_TIMEOUT";
    this.abort(createError(code, `${this.call.path}: the stream was not read`));
  }

  /** The reader has left the loop, which is no failure. */
  leave(reason: unknown): void {
    this.#context.observation?.end();
    this.abort(reason);
  }

  abort(reason: unknown): void {
    if (!this.#isOver) this.#context.abort(reason);
  }

  /** The next item, or the end. */
  async next(): Promise<IteratorResult<unknown>> {
    this.#readOrOver();
    const context = this.#context;
    const { path } = this.call;
    if (context.aborted) throw handlerError(path, context.signal.reason);
    context.renew();
    try {
      const result = await this.#interruptible(this.#read());
      this.#reading = undefined;
      if (result.done) {
        context.observation?.end();
        this.#close();
      } else this.wait(MAX_UNREAD_MS);
      return result;
    } catch (thrown) {
      const error = handlerError(path, thrown);
      context.observation?.fail(error);
      this.#close();
      throw error;
    }
  }

  #read(): Promise<IteratorResult<unknown>> {
    this.#reading ??= this.#inCall(async () => this.#iterator.next());
    return this.#reading;
  }

  /**
   * The same, unless the call ends first. A race with one promise for the life of the stream would keep
   * every item: such a promise holds what was ever raced with it.
   */
  #interruptible<T>(reading: Promise<T>): Promise<T> {
    const interrupts = this.#interrupts;
    return new Promise((resolve, reject) => {
      interrupts.add(reject);
      reading.then(
        (result) => {
          interrupts.delete(reject);
          resolve(result);
        },
        (error) => {
          interrupts.delete(reject);
          reject(error);
        },
      );
    });
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
        const soon = this.#read().then(
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
    this.#readOrOver();
    const host = this.#host;
    this.#forget(this);
    // The clean-up of a generator is part of the handler's work.
    const ended = () => {
      host.running.delete(this.#context);
      host.workEnded();
    };
    this.#inCall(async () => this.#iterator.return?.())
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
