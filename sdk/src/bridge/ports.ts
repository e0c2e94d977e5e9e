/** The ports by which messages from Rust reach calls and nodes. */

import type { AsyncResource } from "node:async_hooks";
import type { RunarError } from "../errors/errors.js";
import type { LogPipeline } from "../logging/pipeline.js";
import type { StreamRef } from "../values/stream-ref.js";
import type { RemoteCaller } from "./remote-caller.js";

/** A call of this thread that Rust answers. */
export interface CallPort {
  /** The caller's async context, for a handler that runs when Rust asks for it. */
  readonly scope: AsyncResource | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** Resolves with a stream that is read through Rust. */
  resolveStream(stream: StreamRef): void;
}

/** Work that ends early when its reason aborts. */
export interface Abortable {
  abort(reason: unknown): void;
}

/** Sends the outcome of an invocation to Rust. */
export interface ReplyPort {
  succeed(value: unknown): void;
  fail(error: RunarError): void;
  /** Fails an invocation whose handler has not run: a peer may ask another node. */
  refuse(error: RunarError): void;
  /** Registers work that outlasts the invocation; the caller may abort it. */
  defer(work: Abortable): void;
  /** Answers with a stream, which the caller may abort until `forget` is called. */
  succeedWithStream(stream: StreamRef, source: Abortable): void;
  /** The caller has the stream, or it has ended. */
  forget(): void;
}

/** A node of this thread, as Rust reaches it. */
export interface NodePort {
  readonly handle: number;
  readonly pipeline: LogPipeline;
  /** Runs an action for a call of this thread, a peer, or a service in Rust. */
  invoke(
    action: number,
    topic: string,
    payload: unknown,
    caller: CallPort | RemoteCaller | undefined,
    reply: ReplyPort,
  ): void;
  /** Delivers an event to the subscribers of a channel. */
  deliverEvent(channel: number, topic: string, value: unknown): void;
  /** Takes a change of a peer, as Rust describes it. */
  peerChanged(change: unknown): void;
}
