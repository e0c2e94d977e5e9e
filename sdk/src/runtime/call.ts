/** A call, as all parts of the runtime describe it. */

import type { Caller } from "../api/caller.js";
import type { CallMetadata } from "../bridge/call-metadata.js";
import type { Observation } from "../metrics/observation.js";
import type { Match } from "../paths/templates.js";
import type { Action } from "./service.js";

/** Something that waits, and that can be given up. */
export interface Abandonable {
  abandon(reason: unknown): void;
}

/** A running handler or hook, as the calls that it makes see it. */
export interface CallParent {
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly aborted: boolean;
  readonly signal: AbortSignal;
  /** The calls that end when the handler does. */
  readonly calls: Set<Abandonable>;
  /** The time that is left to the handler; below zero once it is over. */
  remainingMs(): number;
}

/** A call: its path, its deadline, and the calls that led to it. */
export interface Call extends Partial<CallMetadata> {
  readonly path: string;
  /** The action of this node that it reaches; `undefined` for one of Rust or of a peer. */
  readonly action?: Action | undefined;
  readonly match?: Match | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The handler or hook on whose behalf the call is made. */
  readonly parent?: CallParent | undefined;
  /** The node that calls, when it is another. */
  readonly peer?: Caller | undefined;
  /** The call of this isolate that led to this one through Rust. */
  readonly cause?: Call | undefined;
  /** Given by the caller, or made when a log record first needs it. */
  requestId?: string | undefined;
  /** What the message of a timeout names as missing; `no answer` by default. */
  readonly missing?: string;
  /** Observes the end of a call that leaves this node, on a node with metrics or telemetry. */
  observation?: Observation | undefined;
  /** Whether it is a step of a start or stop, for which a drain does not wait. */
  readonly isStep?: boolean;
}

/** The metadata with which a call leaves. Rust services read none, so a local node sends the least. */
export function metadataOf(call: Call, networked: boolean): CallMetadata {
  const { timeoutMs, positional = false } = call;
  return {
    timeoutMs,
    positional,
    requestId: networked ? requestIdOf(call) : undefined,
    traceparent: networked ? traceparentOf(call) : undefined,
  };
}

let lastRequest = 0;
/** Makes the request ids of different processes differ. */
const REQUEST_PREFIX = Math.random().toString(36).slice(2, 8).padEnd(6, "0");

/** The id that a call shares with those that led to it. Made when it is first read. */
export function requestIdOf(call: Pick<Call, "parent" | "cause" | "requestId">): string {
  call.requestId ??=
    call.parent?.requestId ??
    (call.cause === undefined
      ? `${REQUEST_PREFIX}-${(++lastRequest).toString(36)}`
      : requestIdOf(call.cause));
  return call.requestId;
}

/** The trace context of a call, its own or that of those that led to it. */
export function traceparentOf(
  call: Pick<Call, "parent" | "cause" | "traceparent" | "observation">,
): string | undefined {
  return (
    call.observation?.traceparent ??
    call.traceparent ??
    call.parent?.traceparent ??
    (call.cause === undefined ? undefined : traceparentOf(call.cause))
  );
}
