/**
 * Calls as OpenTelemetry sees them. Needs `@opentelemetry/api`.
 *
 * @packageDocumentation
 */

export type { Telemetry } from "../observing/telemetry.js";
export { type OtelOptions, otel } from "./otel.js";
