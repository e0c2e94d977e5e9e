/** The interface by which a node reports calls to a telemetry. */

import type { FailureName } from "./call-counts.js";
import type { CallerKind, TargetKind } from "./metrics.js";

/** A call as it begins. */
export interface TelemetryCall {
  /** Whether this node serves the call, or makes it. */
  readonly side: "served" | "made";
  /** The action as it was defined; `_OTHER` when no node was known to offer it. */
  readonly path: string;
  /** The caller or, for a call that is made, the target. */
  readonly other: CallerKind | TargetKind;
  /** The id of this node, when it has one. */
  readonly nodeId: string | undefined;
  /** The id of the peer that calls. */
  readonly peerId: string | undefined;
  /** The W3C trace context with which the call came, or which it has from the call before it. */
  readonly traceparent: string | undefined;
  /** Whether that is the call's own: it then wins over the context that is active. */
  readonly ownTraceparent: boolean;
}

/** A call that a telemetry follows until it ends. */
export interface TelemetrySpan {
  /** The W3C trace context that the call has from now on, if it is another one. */
  readonly traceparent: string | undefined;
  /** Runs what belongs to the call. */
  run<T>(body: () => T): T;
  /** Called once, when the call has ended, with its duration and its failure, if any. */
  end(ms: number, failure?: { readonly name: FailureName; readonly error: unknown }): void;
}

/**
 * Gets the calls of a node: what `otel()` of `runar-ts/telemetry` returns. One may serve several
 * nodes.
 *
 * @example
 * const slow: Telemetry = {
 *   begin: ({ path }) => ({
 *     traceparent: undefined,
 *     run: (body) => body(),
 *     end: (ms) => ms > 100 && console.log(`${path} took ${ms} ms`),
 *   }),
 * };
 */
export interface Telemetry {
  /** Called when a call begins. Must not throw, and neither may what it returns. */
  begin(call: TelemetryCall): TelemetrySpan;
}
