/** The OpenTelemetry instruments that record calls. */

import type { Attributes, Context, Histogram, Meter, UpDownCounter } from "@opentelemetry/api";
import type { TelemetryCall } from "../metrics/telemetry.js";

/** In seconds, as the semantic conventions for RPC want them. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

interface Instruments {
  readonly duration: Histogram;
  readonly active: UpDownCounter;
}

/** What is measured of the calls that nodes serve, and of those that they make. */
export type Sides = Readonly<Record<TelemetryCall["side"], Instruments>>;

export function makeInstruments(meter: Meter): Sides {
  const make = (side: "server" | "client", duration: string, active: string) => ({
    duration: meter.createHistogram(`rpc.${side}.call.duration`, {
      description: duration,
      unit: "s",
      advice: { explicitBucketBoundaries: BOUNDS },
    }),
    active: meter.createUpDownCounter(`runar.${side}.active_calls`, {
      description: active,
      unit: "{call}",
    }),
  });
  return {
    served: make(
      "server",
      "Measures the duration of inbound remote procedure calls (RPC).",
      "Calls of actions of this node that have not ended.",
    ),
    made: make(
      "client",
      "Measures the duration of outbound remote procedure calls (RPC).",
      "Calls of this node to others that have not ended.",
    ),
  };
}

/** Measures a call; what it returns ends that. The context is the one of the call's span. */
export function measure(
  { duration, active }: Instruments,
  attributes: Attributes,
  context: Context,
): (ms: number, failure: string | undefined) => void {
  active.add(1, attributes, context);
  return (ms, failure) => {
    active.add(-1, attributes, context);
    const labels = failure === undefined ? attributes : { ...attributes, ...failed(failure) };
    duration.record(ms / 1000, labels, context);
  };
}

/** What the semantic conventions want of a call that failed. */
export function failed(failure: string): Attributes {
  return { "error.type": failure, "rpc.response.status_code": failure };
}
