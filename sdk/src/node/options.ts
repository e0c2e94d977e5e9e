/** The checks of a node's options. */

import type { NodeOptions } from "../api/node-options.js";
import { Identity } from "../identity/identity.js";
import { checkLevel } from "../logging/levels.js";
import {
  checkFunction,
  checkMilliseconds,
  checkOptions,
  checkWord,
  refuseType,
} from "../validation/validator.js";

/** The keys of `NodeOptions`. */
export const NODE_OPTIONS = [
  "identity",
  "logger",
  "logLevel",
  "redact",
  "asyncContext",
  "requestTimeoutMs",
  "localCalls",
  "checkValues",
  "authorize",
  "metrics",
  "telemetry",
];
/** The keys of `NodeFileOptions`. */
export const NODE_FILE_OPTIONS = ["keys", ...NODE_OPTIONS.filter((name) => name !== "identity")];

/** @throws InvalidArgumentError, naming the option. */
export function checkNodeOptions(options: NodeOptions): void {
  checkOptions(options, NODE_OPTIONS);
  const { identity, localCalls, checkValues, authorize, metrics, telemetry, logLevel } = options;
  if (identity !== undefined && !(identity instanceof Identity)) {
    refuseType(identity, "an Identity", "options.identity");
  }
  checkWord(localCalls, ["direct", "native"], "options.localCalls");
  checkWord(checkValues, ["off", "check", "freeze"], "options.checkValues");
  checkFunction(authorize, "options.authorize");
  if (metrics !== undefined && typeof metrics !== "boolean") {
    refuseType(metrics, "a boolean", "options.metrics");
  }
  if (telemetry !== undefined && typeof telemetry?.begin !== "function") {
    refuseType(telemetry, "what otel() of runar-ts/telemetry returns", "options.telemetry");
  }
  if (logLevel !== undefined) checkLevel(logLevel, "options.logLevel");
  checkMilliseconds(options.requestTimeoutMs, "options.requestTimeoutMs");
}
