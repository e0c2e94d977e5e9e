/**
 * Calls as spans and metrics of OpenTelemetry, by its semantic conventions for RPC:
 * https://opentelemetry.io/docs/specs/semconv/rpc/rpc-spans/ and …/rpc-metrics/.
 */

import {
  type Attributes,
  context,
  type MeterProvider,
  metrics,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { describeThrown } from "../errors/errors.js";
import type { Telemetry, TelemetryCall } from "../metrics/telemetry.js";
import { failed, makeInstruments, measure, type Sides } from "./instruments.js";
import { parentOf, traceparentOfSpan } from "./trace-context.js";

/**
 * Where spans and metrics go.
 *
 * @example
 * otel({ tracerProvider, meterProvider });
 */
export interface OtelOptions {
  /** By default the one that is registered with OpenTelemetry's API, also if that comes later. */
  tracerProvider?: TracerProvider;
  /** By default the one that is registered with OpenTelemetry's API when the first call is made. */
  meterProvider?: MeterProvider;
}

const NAME = "runar-ts";

/**
 * Tells OpenTelemetry of a node's calls, as spans and as metrics. With a context manager registered,
 * as every SDK of OpenTelemetry does, a handler runs in the context of its span, so that spans
 * of other instrumentation nest. One may be shared by several nodes.
 *
 * @example
 * import { NodeSDK } from "@opentelemetry/sdk-node";
 * import { otel } from "runar-ts/telemetry";
 *
 * new NodeSDK({ serviceName: "shop" }).start();
 * const node = new Node(config, { telemetry: otel() });
 */
export function otel(options: OtelOptions = {}): Telemetry {
  const tracer = (options.tracerProvider ?? trace).getTracer(NAME);
  let instruments: Sides | undefined;
  return {
    begin(call) {
      instruments ??= makeInstruments((options.meterProvider ?? metrics).getMeter(NAME));
      const attributes = attributesOf(call);
      const parent = parentOf(call);
      const span = tracer.startSpan(
        call.path,
        { kind: kindOf(call), attributes: { ...attributes, ...ofSpansAlone(call) } },
        parent,
      );
      const inside = trace.setSpan(parent, span);
      const measured = measure(instruments[call.side], attributes, inside);
      return {
        traceparent: traceparentOfSpan(span),
        run: (body) => context.with(inside, body),
        end(ms, failure) {
          if (failure !== undefined) markFailed(span, call, failure.name, failure.error);
          span.end();
          measured(ms, failure?.name);
        },
      };
    },
  };
}

/** A call within a node is none that a tracer should look for at the other end. */
function kindOf({ side, other }: TelemetryCall): SpanKind {
  if (side === "made") return SpanKind.CLIENT;
  return other === "local" ? SpanKind.INTERNAL : SpanKind.SERVER;
}

/** Few, so that they can be labels of metrics. */
function attributesOf({ side, path, other }: TelemetryCall): Attributes {
  return {
    "rpc.system.name": "runar",
    "rpc.method": path,
    [side === "served" ? "runar.caller" : "runar.target"]: other,
  };
}

function ofSpansAlone({ nodeId, peerId }: TelemetryCall): Attributes {
  const attributes: Attributes = {};
  if (nodeId !== undefined) attributes["runar.node.id"] = nodeId;
  if (peerId !== undefined) attributes["runar.peer.id"] = peerId;
  return attributes;
}

function markFailed(span: Span, call: TelemetryCall, name: string, error: unknown): void {
  span.setAttributes(failed(name));
  span.setStatus({ code: SpanStatusCode.ERROR, message: describeThrown(error) });
  // The span of the server has the exception; that of the client has its own.
  if (call.side === "served" && error instanceof Error) {
    span.recordException(error.cause instanceof Error ? error.cause : error);
  }
}
