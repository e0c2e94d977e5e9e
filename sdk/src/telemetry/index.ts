/**
 * Calls as OpenTelemetry sees them. Needs `@opentelemetry/api`.
 *
 * @packageDocumentation
 */

export type { Telemetry } from "../metrics/telemetry.js";
export { type OtelOptions, otel } from "./otel.js";
