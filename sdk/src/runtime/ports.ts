/** The ports by which the parts of a node reach each other: what each needs of its host. */

import type { RequestOptions } from "../api/call-options.js";
import type { Context } from "../api/context.js";
import type { PublishOptions } from "../api/event.js";
import type { NodeState } from "../api/node-options.js";
import type { Stream } from "../api/stream.js";
import type { Expiring } from "../bridge/deadlines.js";
import type { Isolate } from "../bridge/isolate.js";
import type { Abortable } from "../bridge/ports.js";
import type { NodeLogs } from "../logging/logger.js";
import type { Logger } from "../logging/record.js";
import type { KnownServices } from "../metrics/targets.js";
import type { StreamRef } from "../values/stream-ref.js";
import type { Abandonable, Call, CallParent } from "./call.js";
import type { Service } from "./service.js";

/** A running handler, as the call that waits for it sees it. */
export interface HandlerPort extends Abortable {
  /** The call that gives the handler its deadline. */
  pending: Pick<Expiring, "deadline"> | undefined;
}

/** What a pending call needs. */
export interface WaitPort {
  readonly isolate: Isolate;
  /** The calls for which a drain waits. */
  readonly waiting: Set<Abandonable>;
  readonly streams: {
    read(stream: StreamRef, call: Call): Stream<unknown>;
    /** Ends a stream that came after its call had ended. */
    discard(stream: StreamRef, call: Call): void;
  };
  callEnded(call: Abandonable): void;
}

/** What the context of a handler needs. */
export interface ContextPort {
  readonly node: Context["node"];
  request(
    path: string,
    payload: unknown,
    options?: RequestOptions,
    parent?: CallParent,
    positional?: boolean,
  ): Promise<unknown>;
  publish(
    topic: string,
    value: unknown,
    options?: PublishOptions,
    parent?: CallParent,
  ): Promise<void>;
}

/** What the concurrency limiter needs. */
export interface LimiterPort {
  readonly asyncContext: boolean;
  /** A handler has ended, for which a drain may wait. */
  workEnded(): void;
}

/** What calls through Rust need. */
export interface NativeCallsPort extends WaitPort {
  readonly handle: number;
  readonly networked: boolean;
  readonly services: ReadonlyMap<string, Service>;
}

/** What the streams of a node need. */
export interface StreamsPort extends WaitPort {
  readonly logger: Logger;
  readonly state: NodeState;
  /** The work that a drain waits for. */
  readonly running: Set<Abortable>;
  workEnded(): void;
  /** Runs a part of a handler, so that `currentLogger` finds its logger. */
  run<T>(context: { readonly logger: Logger }, body: () => T): T;
  /** Checks a value that stays in this isolate, if the node checks values. */
  checked(value: unknown, root: string): unknown;
  /** Calls a path of one peer. */
  requestOf(peer: string, path: string, payload: unknown, call: Call): Promise<unknown>;
}

/** What the table of subscribers needs. */
export interface EventsPort extends ContextPort {
  readonly handle: number;
  readonly networked: boolean;
  readonly logs: NodeLogs;
  readonly requestTimeoutMs: number;
  /** Runs a hook or a subscriber, so that `currentLogger` finds its logger. */
  run<T>(context: { readonly logger: Logger }, body: () => T): T;
  /** Adds work that belongs to no call to that for which a drain waits. */
  runBeside(work: Abortable, done: Promise<unknown>, failed: (error: unknown) => void): void;
}

/** What the peers of a node need. */
export interface PeersPort extends WaitPort {
  readonly handle: number;
  readonly state: NodeState;
  readonly services: ReadonlyMap<string, Service>;
  /** Called when a service of this node has started. */
  readonly serviceListeners: Set<() => void>;
  readonly streams: WaitPort["streams"] & { closeOf(peer: string): void };
  checkRunning(what: string): void;
  /** The timeout of something that is no call of an action. */
  timeoutOf(path: string, options: RequestOptions): number;
}

/** What the observer of calls needs. */
export interface ObserverPort extends KnownServices {
  readonly nodeId: string | undefined;
  readonly services: ReadonlyMap<string, Service>;
}
