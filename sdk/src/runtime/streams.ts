/** Results that come piece by piece: what a handler yields, and what a caller reads in a loop. */

import type { Caller } from "../api/caller.js";
import type { CallContext } from "../api/context.js";
import { createError, describeThrown, noLongerWanted } from "../errors/errors.js";
import { afterTurn } from "../platform/event-loop.js";
import { plain } from "../values/rust-value.js";
import { StreamRef } from "../values/stream-ref.js";
import type { Host } from "./host.js";
import { handlerError } from "./limiter.js";
import { type Call, PendingCall } from "./pending-call.js";

/**
 * What the caller of an action gets that returns an `AsyncIterable`: its items, to be read in a loop
 * as they come. Nothing more is made than is read, but for one item. Leaving the loop ends the
 * handler's iteration, and fires its `ctx.signal`. Each item has the time of the call to come.
 *
 * @example
 * const lines = await node.request<Stream<string>>("logs/follow", ["app.log"]);
 * for await (const line of lines) console.log(line);
 */
export type Stream<Item> = AsyncIterableIterator<Item>;

/** Whether a handler's result is one that comes piece by piece. */
export function isStream(value: unknown): value is AsyncIterable<unknown> {
  if (typeof value !== "object" || value === null) return false;
  try {
    return typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === "function";
  } catch {
    // A proxy may refuse to say what it is; whether it can cross is found out later.
    return false;
  }
}

/** Where a peer reads its streams: no service of anybody can have this path. */
export const READ_PATH = "$streams/read";

/** Items that go in one answer to a peer, when there are so many at once. */
const MOST_ITEMS = 64;
/** From this size on an answer is sent as it is. */
const ENOUGH_BYTES = 256 * 1024;
/** Streams that one peer may have open. */
const MOST_OF_A_PEER = 256;
/** A stream that nobody reads for so long is closed: its reader may be gone without a word. */
const UNREAD_MS = 300_000;

const LEFT = "The reader has left the loop";

/** The wait for an item of a stream that a call was answered with. */
function waitFor({ path, timeoutMs, signal, parent }: Call): Call {
  return { path, timeoutMs, signal, parent, missing: "no item" };
}

interface Batch {
  readonly items: unknown[];
  readonly done: boolean;
}

/** A stream that is read: by a loop of this isolate. */
class Reader implements Stream<unknown> {
  #items: unknown[] = [];
  #ended = false;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #pull: () => Promise<Batch>;
  readonly #leave: () => void;

  constructor(pull: () => Promise<Batch>, leave: () => void) {
    this.#pull = pull;
    this.#leave = leave;
  }

  next(): Promise<IteratorResult<unknown>> {
    const next = this.#turn.then(() => this.#next());
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async #next(): Promise<IteratorResult<unknown>> {
    while (this.#items.length === 0) {
      if (this.#ended) return { done: true, value: undefined };
      try {
        const { items, done } = await this.#pull();
        this.#items = items;
        this.#ended ||= done;
      } catch (error) {
        // Whoever has left does not want to hear of it.
        if (this.#ended) continue;
        this.#ended = true;
        throw error;
      }
    }
    return { done: false, value: this.#items.shift() };
  }

  async return(): Promise<IteratorResult<unknown>> {
    this.#items = [];
    if (!this.#ended) {
      this.#ended = true;
      this.#leave();
    }
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** A stream that a handler of this node makes. */
class Source {
  deadline = 0;
  readonly #host: Host;
  readonly #iterator: AsyncIterator<unknown>;
  readonly #context: CallContext;
  readonly #aborted: Promise<never>;
  /** The item that is being made. */
  #reading: Promise<IteratorResult<unknown>> | undefined;
  #isOver = false;
  readonly #forget: () => void;

  constructor(
    host: Host,
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
    // It is told to whoever reads.
    this.#aborted.catch(() => undefined);
    host.running.add(context);
    host.isolate.deadlines.add(this, UNREAD_MS);
  }

  /** Nobody has read for long. */
  expire(): void {
    this.leave(createError("ERR_RUNAR_TIMEOUT", `${this.call.path}: the stream was not read`));
  }

  leave(reason: unknown): void {
    if (!this.#isOver) this.#context.abort(reason);
  }

  /** The next item, or the end. */
  async next(): Promise<IteratorResult<unknown>> {
    const { deadlines } = this.#host.isolate;
    deadlines.delete(this, UNREAD_MS);
    this.#context.renew();
    this.#reading ??= Promise.resolve(this.#iterator.next());
    try {
      const result = await Promise.race([this.#reading, this.#aborted]);
      this.#reading = undefined;
      if (result.done) this.#close();
      else deadlines.add(this, UNREAD_MS);
      return result;
    } catch (error) {
      this.#close();
      throw handlerError(this.call.path, error);
    }
  }

  /** What there is, at least one item. */
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
        // What takes longer, or fails, is the next answer's.
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
      bytes += weight(value);
    } while (!isLate && items.length < MOST_ITEMS && bytes < ENOUGH_BYTES);
    return { items, done: false };
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const host = this.#host;
    host.isolate.deadlines.delete(this, UNREAD_MS);
    this.#forget();
    // What a generator does when it is left is part of the handler's work.
    const ended = () => {
      host.running.delete(this.#context);
      host.tellIdle();
    };
    Promise.resolve(this.#iterator.return?.())
      .catch((error) => {
        const text = `${this.call.path}: failed while it was left: ${describeThrown(error)}`;
        host.node.logger.warn(text, { error });
      })
      .then(ended);
  }
}

/** About how many bytes an item takes. */
function weight(item: unknown): number {
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

/** The streams of a node. */
export class Streams {
  readonly #host: Host;
  #last = 0;
  /** Those that go out through Rust, by their numbers. */
  readonly #offered = new Map<number, { source: Source; peer: string }>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** A handler's stream, for a caller in this isolate. */
  open(stream: AsyncIterable<unknown>, call: Call, context: CallContext): Stream<unknown> {
    return this.#reader(new Source(this.#host, stream, call, context, () => undefined));
  }

  #reader(source: Source): Stream<unknown> {
    const { call } = source;
    const pull = async () => {
      const pending = new PendingCall(this.#host, waitFor(call), undefined, () =>
        source.leave(noLongerWanted("The reader no longer waits")),
      );
      source.next().then(
        (result) => pending.resolve(result),
        (error) => pending.reject(error),
      );
      const { done, value } = (await pending.outcome()) as IteratorResult<unknown>;
      return { items: done ? [] : [this.#host.checked(plain(value), "item")], done: done === true };
    };
    return new Reader(pull, () => source.leave(noLongerWanted(LEFT)));
  }

  /** A handler's stream, for whoever has called through Rust. */
  offer(
    stream: AsyncIterable<unknown>,
    call: Call,
    context: CallContext,
    peer: Caller | undefined,
  ): StreamRef {
    const owner = peer?.id ?? "";
    if (owner !== "") this.#checkRoom(owner, call);
    this.#last++;
    const id = this.#last;
    const forget = () => this.#offered.delete(id);
    const source = new Source(this.#host, stream, call, context, forget);
    this.#offered.set(id, { source, peer: owner });
    return new StreamRef(id, "");
  }

  #checkRoom(peer: string, call: Call): void {
    let open = 0;
    for (const offered of this.#offered.values()) if (offered.peer === peer) open++;
    if (open < MOST_OF_A_PEER) return;
    const text = `${call.path}: this peer has ${open} streams open, and may have no more`;
    throw createError("ERR_RUNAR_OVERLOAD", text, { details: { path: call.path, streams: open } });
  }

  /** What an answer has brought. */
  read(ref: StreamRef, call: Call): Stream<unknown> {
    if (ref.peer !== "") return this.#remote(ref, call);
    const offered = this.#offered.get(ref.id);
    if (offered === undefined) throw createError("ERR_RUNAR_CLOSED", `${call.path}: it has ended`);
    this.#offered.delete(ref.id);
    return this.#reader(offered.source);
  }

  #remote({ id, peer }: StreamRef, call: Call): Stream<unknown> {
    const host = this.#host;
    const read = waitFor(call);
    let isOver = false;
    const leave = () => {
      if (isOver) return;
      isOver = true;
      // Whoever does not hear it finds out that nobody reads any more.
      host
        .requestOf(peer, READ_PATH, [id, true], { ...read, signal: undefined })
        .catch(() => undefined);
    };
    const pull = async () => {
      try {
        const batch = (await host.requestOf(peer, READ_PATH, [id, false], read)) as Batch;
        isOver ||= batch.done;
        return batch;
      } catch (error) {
        leave();
        throw error;
      }
    };
    return new Reader(pull, leave);
  }

  /** A peer reads on, or leaves. */
  async serve(
    peer: Caller,
    payload: unknown,
    begun: (reading: { abort(reason: unknown): void }) => void,
  ): Promise<Batch | undefined> {
    const [id, leaves] = Array.isArray(payload) ? payload : [];
    const offered = this.#offered.get(id);
    // A number is nobody else's business.
    if (offered === undefined || offered.peer !== peer.id) {
      throw createError("ERR_RUNAR_CLOSED", "the stream has ended");
    }
    const { source } = offered;
    if (leaves === true) {
      source.leave(noLongerWanted(LEFT));
      return undefined;
    }
    begun({ abort: (reason) => source.leave(reason) });
    return source.batch();
  }

  /** A peer is gone: nobody reads its streams any more. */
  closeOf(peer: string): void {
    for (const offered of [...this.#offered.values()]) {
      if (offered.peer !== peer) continue;
      offered.source.leave(noLongerWanted("The peer is gone"));
    }
  }
}
