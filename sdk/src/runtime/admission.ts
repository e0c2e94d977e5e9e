/** The admission of calls: what the states of node and service allow, and how long a call may take. */

import { checkRequestOptions, type RequestOptions } from "../api/call-options.js";
import type { NodeState } from "../api/node-options.js";
import { createError, type RunarError } from "../errors/errors.js";
import type { CallParent } from "./call.js";
import type { Service } from "./service.js";

/** Why a call cannot be made now; `undefined` when it can. `parent` is the work that it is part of. */
export function refusalOf(
  state: NodeState,
  path: string,
  service?: Service,
  parent?: object,
): RunarError | undefined {
  if (state === "running" && (service === undefined || service.running)) return undefined;
  if (state === "stopped" || (state === "draining" && parent === undefined)) {
    return createError("ERR_RUNAR_STOPPED", `${path}: the node is ${state}`, {
      details: { path },
    });
  }
  if (service?.running) return undefined;
  if (service !== undefined && state !== "created") {
    const what = service.paused ? "is paused" : "is not running";
    return createError("ERR_RUNAR_SERVICE_NOT_RUNNING", `${path}: the service ${what}`, {
      details: { path, service: service.path },
    });
  }
  if (state === "draining" || (state === "starting" && parent !== undefined)) return undefined;
  return createError("ERR_RUNAR_NOT_STARTED", `${path}: the node has not been started`, {
    details: { path },
  });
}

/** The timeout of a call: that of its options or the default, and no more than its parent has left. */
export function timeoutFor(
  path: string,
  defaultMs: number,
  options: RequestOptions | undefined,
  parent?: CallParent,
): number {
  let timeoutMs = defaultMs;
  if (options !== undefined) {
    checkRequestOptions(options);
    timeoutMs = options.timeoutMs ?? timeoutMs;
  }
  if (parent === undefined) return timeoutMs;
  const left = Math.ceil(parent.remainingMs());
  if (left <= 0) {
    throw createError("ERR_RUNAR_TIMEOUT", `${path}: the caller has no time left`, {
      details: { path, timeoutMs: 0 },
    });
  }
  return Math.min(timeoutMs, left);
}
