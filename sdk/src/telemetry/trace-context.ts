/** The conversion between W3C trace contexts of calls and contexts of OpenTelemetry. */

import { type Context, context, isSpanContextValid, type Span, trace } from "@opentelemetry/api";
import type { TelemetryCall } from "../metrics/telemetry.js";

const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})/;

/** The context that a call's span belongs to. */
export function parentOf({ traceparent, ownTraceparent }: TelemetryCall): Context {
  const active = context.active();
  // Where nothing carries contexts on, the call still knows what led to it.
  if (!ownTraceparent && trace.getSpanContext(active) !== undefined) return active;
  const [, traceId, spanId, flags = "0"] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined) return active;
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(active, { traceId, spanId, traceFlags, isRemote: true });
}

/** The trace context of a span; `undefined` without a tracer. */
export function traceparentOfSpan(span: Span): string | undefined {
  const spanContext = span.spanContext();
  if (!isSpanContextValid(spanContext)) return undefined;
  const { traceId, spanId, traceFlags } = spanContext;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}
