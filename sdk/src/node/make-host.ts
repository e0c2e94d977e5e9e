/** The making of a node's host from its config and options. */

import type { NodeOptions } from "../api/node-options.js";
import { isolate } from "../bridge/isolate.js";
import type { NodeConfig } from "../generated/config.js";
import { directives } from "../logging/levels.js";
import { NodeLogger, NodeLogs } from "../logging/logger.js";
import { LogPipeline } from "../logging/pipeline.js";
import { makeRedactor } from "../logging/redact.js";
import { toSink } from "../logging/sinks.js";
import { callNative, native } from "../native/binding.js";
import { Host, type HostSettings } from "../runtime/host.js";
import { Observer } from "../runtime/observer.js";
import { configText } from "./config-text.js";

const DEFAULT_REQUEST_TIMEOUT_MS = 30_000;

/** A host without its node, which is under construction. */
export type HostParts = Omit<HostSettings, "node"> & { readonly logger: NodeLogger };

/** Makes the parts that a host consists of. The options have been checked. */
export function makeHostParts(config: NodeConfig, options: NodeOptions): HostParts {
  const { identity, logger, authorize } = options;
  const here = isolate();
  const sink = logger === undefined ? here.delivery.console : toSink(logger);
  const redact = options.redact === undefined ? undefined : makeRedactor(options.redact);
  const handle = callNative(() =>
    native.nodeCreate(
      here.id,
      configText(config),
      identity?.export() ?? null,
      authorize !== undefined,
    ),
  );
  const label = config.node_id ?? "node";
  const pipeline = new LogPipeline(here.delivery, { handle, sink, label, redact });
  pipeline.nodeId = identity?.nodeId;
  const levels = { logLevel: options.logLevel, ...config.logging_config };
  const logs = new NodeLogs(here.delivery, pipeline, levels);
  const log = new NodeLogger(logs, { component: "Node" });
  const { problem } = directives();
  if (problem !== null) log.warn(problem);
  return {
    isolate: here,
    handle,
    logs,
    logger: log,
    direct: options.localCalls !== "native",
    networked: config.network_config != null,
    requestTimeoutMs:
      options.requestTimeoutMs ?? config.request_timeout_ms ?? DEFAULT_REQUEST_TIMEOUT_MS,
    checkValues: options.checkValues ?? "off",
    asyncContext: options.asyncContext === true,
    authorize,
  };
}

/** Makes the host of a node, and registers it with the isolate. */
export function makeHost(
  node: HostSettings["node"],
  parts: HostParts,
  { metrics = false, telemetry }: NodeOptions,
): Host {
  const host = new Host({ ...parts, node });
  if (metrics || telemetry !== undefined) host.observer = new Observer(host, metrics, telemetry);
  parts.isolate.addHost(host);
  return host;
}
