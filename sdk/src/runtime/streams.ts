/** The streams of a node: those that its handlers make, and those that it reads. */

import type { Caller } from "../api/caller.js";
import type { Stream } from "../api/stream.js";
import type { Abortable } from "../bridge/ports.js";
import { abortError, createError } from "../errors/errors.js";
import { plain } from "../values/rust-value.js";
import { StreamRef } from "../values/stream-ref.js";
import type { Call } from "./call.js";
import type { CallContext } from "./call-context.js";
import { PendingCall } from "./pending-call.js";
import type { StreamsPort } from "./ports.js";
import { type Batch, StreamReader } from "./stream-reader.js";
import { StreamSource } from "./stream-source.js";

/** The path by which peers read streams: no service can have it. */
const STREAM_READ_PATH = "$streams/read";

/** Streams that one peer may have open. */
const MAX_STREAMS_PER_PEER = 256;

const LEFT_LOOP = "The reader has left the loop";

/** The wait for an item of a stream, as a call. */
function itemCall({ path, timeoutMs, signal, parent }: Call): Call {
  return { path, timeoutMs, signal, parent, missing: "no item" };
}

/** The streams of a node. */
export class Streams {
  readonly #host: StreamsPort;
  #last = 0;
  /** The streams that are read through Rust, by their numbers. */
  readonly #offered = new Map<number, { source: StreamSource; peer: string }>();

  constructor(host: StreamsPort) {
    this.#host = host;
  }

  /** A handler's stream, for a caller in this isolate. */
  open(stream: AsyncIterable<unknown>, call: Call, context: CallContext): Stream<unknown> {
    return this.#reader(new StreamSource(this.#host, stream, call, context, () => undefined));
  }

  #reader(source: StreamSource): Stream<unknown> {
    const { call } = source;
    const pull = async () => {
      const pending = new PendingCall(this.#host, itemCall(call), undefined, () =>
        source.leave(abortError("The reader no longer waits")),
      );
      source.next().then(
        (result) => pending.resolve(result),
        (error) => pending.reject(error),
      );
      const { done, value } = (await pending.outcome()) as IteratorResult<unknown>;
      return { items: done ? [] : [this.#host.checked(plain(value), "item")], done: done === true };
    };
    return new StreamReader(pull, () => source.leave(abortError(LEFT_LOOP)));
  }

  /** A handler's stream, for a caller that called through Rust. */
  offer(
    stream: AsyncIterable<unknown>,
    call: Call,
    context: CallContext,
    peer: Caller | undefined,
  ): StreamRef {
    const owner = peer?.id ?? "";
    if (owner !== "") this.#checkCapacity(owner, call);
    this.#last++;
    const id = this.#last;
    const forget = () => this.#offered.delete(id);
    const source = new StreamSource(this.#host, stream, call, context, forget);
    this.#offered.set(id, { source, peer: owner });
    return new StreamRef(id, "");
  }

  #checkCapacity(peer: string, call: Call): void {
    let open = 0;
    for (const offered of this.#offered.values()) if (offered.peer === peer) open++;
    if (open < MAX_STREAMS_PER_PEER) return;
    const text = `${call.path}: this peer has ${open} streams open, and may have no more`;
    throw createError("ERR_RUNAR_OVERLOAD", text, { details: { path: call.path, streams: open } });
  }

  /** The stream of an answer that came through Rust. */
  read(ref: StreamRef, call: Call): Stream<unknown> {
    if (ref.peer !== "") return this.#remote(ref, call);
    const offered = this.#offered.get(ref.id);
    if (offered === undefined) throw createError("ERR_RUNAR_CLOSED", `${call.path}: it has ended`);
    this.#offered.delete(ref.id);
    return this.#reader(offered.source);
  }

  #remote({ id, peer }: StreamRef, call: Call): Stream<unknown> {
    const host = this.#host;
    const read = itemCall(call);
    let isOver = false;
    const leave = () => {
      if (isOver) return;
      isOver = true;
      // A peer that does not get this closes the stream once it is unread for too long.
      host
        .requestOf(peer, STREAM_READ_PATH, [id, true], { ...read, signal: undefined })
        .catch(() => undefined);
    };
    const pull = async () => {
      try {
        const batch = (await host.requestOf(peer, STREAM_READ_PATH, [id, false], read)) as Batch;
        isOver ||= batch.done;
        return batch;
      } catch (error) {
        leave();
        throw error;
      }
    };
    return new StreamReader(pull, leave);
  }

  /** Serves a read of a peer, or its end. */
  async serve(
    peer: Caller,
    payload: unknown,
    defer: (reading: Abortable) => void,
  ): Promise<Batch | undefined> {
    const [id, leaves] = Array.isArray(payload) ? payload : [];
    const offered = this.#offered.get(id);
    // Another peer may not read, or close, the stream.
    if (offered === undefined || offered.peer !== peer.id) {
      throw createError("ERR_RUNAR_CLOSED", "the stream has ended");
    }
    const { source } = offered;
    if (leaves === true) {
      source.leave(abortError(LEFT_LOOP));
      return undefined;
    }
    defer({ abort: (reason) => source.leave(reason) });
    return source.batch();
  }

  /** Closes the streams of a peer that is gone. */
  closeOf(peer: string): void {
    for (const offered of [...this.#offered.values()]) {
      if (offered.peer !== peer) continue;
      offered.source.leave(abortError("The peer is gone"));
    }
  }
}
