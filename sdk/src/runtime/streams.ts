/** The streams of a node: those that its handlers make, and those that it reads. */

import type { Caller } from "../api/caller.js";
import type { Stream } from "../api/stream.js";
import type { Abortable, ReplyPort } from "../bridge/ports.js";
import { abortError, createError, describeThrown, type RunarError } from "../errors/errors.js";
import { now } from "../platform/clock.js";
import { plain } from "../values/rust-value.js";
import { StreamRef } from "../values/stream-ref.js";
import type { Call } from "./call.js";
import type { CallContext } from "./call-context.js";
import { handlerError } from "./handler-error.js";
import { PendingCall } from "./pending-call.js";
import type { StreamsPort } from "./ports.js";
import { type Batch, StreamReader } from "./stream-reader.js";
import { StreamSource } from "./stream-source.js";

/** The path by which peers read streams: no service can have it. */
const STREAM_READ_PATH = "$streams/read";

/** Streams that one peer may have open. */
const MAX_STREAMS_PER_PEER = 256;
/**
 * How long a stream waits for a sign that its caller has it: a read, or a claim. A cancellation that
 * crosses the answer does not arrive here.
 */
const MAX_UNCLAIMED_MS = 10_000;
/** The same, when the peer has as many streams open as it may. */
const MIN_UNCLAIMED_MS = 1_000;
/** A reader that has not begun to read by then claims the stream. */
const CLAIM_AFTER_MS = 200;

const LEFT_LOOP = "The reader has left the loop";
const NODE_STOPPED = "The node has stopped";
const NOT_WANTED = "The caller no longer waits";

/** What a message about a stream is for. */
type Action = "read" | "claim" | "leave";

/** The wait for an item of a stream, as a call. */
function itemCall({ path, timeoutMs, signal, parent }: Call): Call {
  return { path, timeoutMs, signal, parent, missing: "no item" };
}

/** A stream that is read through Rust. */
interface Offered {
  readonly source: StreamSource;
  /** The peer that may read it; empty for this isolate. */
  readonly peer: string;
  /** Called when the reader has it. */
  readonly forget: () => void;
  isClaimed: boolean;
}

/** The streams of a node. */
export class Streams {
  readonly #host: StreamsPort;
  #last = 0;
  /** The streams of handlers that are not over. */
  readonly #open = new Set<StreamSource>();
  /** The streams that are read through Rust, by their numbers. */
  readonly #offered = new Map<number, Offered>();

  constructor(host: StreamsPort) {
    this.#host = host;
  }

  /** A handler's stream. Throws when its caller has given up, or the node has stopped, before it came. */
  #source(
    stream: AsyncIterable<unknown>,
    call: Call,
    context: CallContext,
    over?: () => void,
  ): StreamSource {
    const host = this.#host;
    let source: StreamSource;
    try {
      source = new StreamSource(host, stream, call, context, (ended) => {
        this.#open.delete(ended);
        over?.();
      });
    } catch (error) {
      throw handlerError(call.path, error);
    }
    if (host.state === "stopped") source.abort(createError("ERR_RUNAR_STOPPED", NODE_STOPPED));
    if (source.isOver) throw context.signal.reason;
    this.#open.add(source);
    return source;
  }

  /** Ends a handler's stream that has no reader. */
  refuse(stream: AsyncIterable<unknown>, call: Call, context: CallContext, reason: unknown): void {
    context.abort(reason);
    try {
      new StreamSource(this.#host, stream, call, context, () => undefined);
    } catch (error) {
      this.#host.logger.warn(`${call.path}: cannot be iterated: ${describeThrown(error)}`, {
        error,
      });
    }
  }

  /** The node stops. */
  drain(): void {
    for (const source of this.#open) source.drain();
  }

  /** A handler's stream, for a caller in this isolate. */
  open(stream: AsyncIterable<unknown>, call: Call, context: CallContext): Stream<unknown> {
    return this.#reader(this.#source(stream, call, context));
  }

  #reader(source: StreamSource): Stream<unknown> {
    const { call } = source;
    const pull = async () => {
      const pending = new PendingCall(this.#host, itemCall(call), undefined, () =>
        source.abort(abortError("The reader no longer waits")),
      );
      source.next().then(
        (result) => pending.resolve(result),
        (error) => pending.reject(error),
      );
      const { done, value } = (await pending.outcome()) as IteratorResult<unknown>;
      return { items: done ? [] : [this.#host.checked(plain(value), "item")], done: done === true };
    };
    const leave = (reason?: unknown) => {
      if (reason === undefined) source.leave(abortError(LEFT_LOOP));
      else source.abort(reason);
    };
    return new StreamReader(call, pull, leave);
  }

  /** A handler's stream, for a caller that called through Rust. */
  offer(
    stream: AsyncIterable<unknown>,
    call: Call,
    context: CallContext,
    peer: Caller | undefined,
    reply: ReplyPort,
  ): void {
    const owner = peer?.id ?? "";
    const overload = owner === "" ? undefined : this.#overload(owner, call);
    if (overload !== undefined) {
      this.refuse(stream, call, context, overload);
      throw overload;
    }
    this.#last++;
    const id = this.#last;
    const source = this.#source(stream, call, context, () => {
      this.#offered.delete(id);
      reply.forget();
    });
    if (owner !== "") source.wait(MAX_UNCLAIMED_MS);
    this.#offered.set(id, { source, peer: owner, forget: reply.forget, isClaimed: false });
    reply.succeedWithStream(new StreamRef(id, ""), source);
  }

  /** The error for a stream beyond those that a peer may have open. */
  #overload(peer: string, call: Call): RunarError | undefined {
    let open = 0;
    let oldest: StreamSource | undefined;
    for (const { source, peer: owner, isClaimed } of this.#offered.values()) {
      if (owner !== peer) continue;
      open++;
      if (!isClaimed) oldest ??= source;
    }
    if (open < MAX_STREAMS_PER_PEER) return undefined;
    if (oldest !== undefined && oldest.deadline < now() + MAX_UNCLAIMED_MS - MIN_UNCLAIMED_MS) {
      oldest.abort(abortError(NOT_WANTED));
      return undefined;
    }
    const text = `${call.path}: this peer has ${open} streams open, and may have no more`;
    return createError("ERR_RUNAR_OVERLOAD", text, { details: { path: call.path, streams: open } });
  }

  /** The stream of an answer that came through Rust. */
  read(ref: StreamRef, call: Call): Stream<unknown> {
    if (ref.peer !== "") return this.#remote(ref, call);
    const offered = this.#offered.get(ref.id);
    if (offered === undefined) throw createError("ERR_RUNAR_CLOSED", `${call.path}: it has ended`);
    this.#offered.delete(ref.id);
    offered.forget();
    return this.#reader(offered.source);
  }

  /** Ends the stream of an answer for which no caller waits. */
  discard({ id, peer }: StreamRef, call: Call): void {
    if (peer !== "") this.#send(id, peer, "leave", call);
    else this.#offered.get(id)?.source.abort(abortError(NOT_WANTED));
  }

  /** Tells a peer about a stream. A peer that does not get it closes the stream later by itself. */
  #send(id: number, peer: string, action: Action, { path, timeoutMs }: Call): void {
    this.#host
      .requestOf(peer, STREAM_READ_PATH, [id, action], { path, timeoutMs, isStep: true })
      .catch(() => undefined);
  }

  #remote({ id, peer }: StreamRef, call: Call): Stream<unknown> {
    const host = this.#host;
    const read = itemCall(call);
    const { deadlines, keepalive } = host.isolate;
    const claim = { deadline: 0, expire: () => this.#send(id, peer, "claim", call) };
    deadlines.add(claim, CLAIM_AFTER_MS);
    keepalive.check();
    const claimed = () => deadlines.delete(claim, CLAIM_AFTER_MS);
    let isOver = false;
    const leave = () => {
      claimed();
      if (isOver) return;
      isOver = true;
      this.#send(id, peer, "leave", call);
    };
    const pull = async () => {
      claimed();
      try {
        const answer = await host.requestOf(peer, STREAM_READ_PATH, [id, "read"], read);
        const batch = answer as Batch;
        isOver ||= batch.done;
        return batch;
      } catch (error) {
        leave();
        throw error;
      }
    };
    return new StreamReader(call, pull, leave);
  }

  /** Serves a message of a peer about a stream. */
  async serve(
    peer: Caller,
    payload: unknown,
    defer: (reading: Abortable) => void,
  ): Promise<Batch | undefined> {
    const [id, action] = Array.isArray(payload) ? payload : [];
    const offered = this.#offered.get(id);
    // Another peer may not read, or close, the stream.
    if (offered === undefined || offered.peer !== peer.id) {
      throw createError("ERR_RUNAR_CLOSED", "the stream has ended");
    }
    const { source } = offered;
    offered.isClaimed = true;
    offered.forget();
    switch (action as Action) {
      case "leave":
        source.leave(abortError(LEFT_LOOP));
        return undefined;
      case "claim":
        source.renew();
        return undefined;
      default:
        defer(source);
        return source.batch();
    }
  }

  /** Closes the streams of a peer that is gone. */
  closeOf(peer: string): void {
    for (const offered of [...this.#offered.values()]) {
      if (offered.peer === peer) offered.source.abort(abortError("The peer is gone"));
    }
  }
}
