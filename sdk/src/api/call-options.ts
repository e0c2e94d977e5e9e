/** The options of calls, and their checks. */

import { MAX_REQUEST_ID_BYTES } from "../generated/protocol.js";
import {
  checkMilliseconds,
  checkOptions,
  checkString,
  refuse,
  refuseType,
} from "../validation/validator.js";

/** Options of one call. */
export interface CallOptions {
  /**
   * Milliseconds until the call ends with a TimeoutError. By default the node's request timeout;
   * never longer than what is left to the call from whose handler this one is made.
   */
  timeoutMs?: number;
  /** Ends the call when it aborts; the call then rejects with the signal's reason. */
  signal?: AbortSignal;
  /**
   * What the log records that are written for this call have in common, and for those that its
   * handlers make: such as the id of the HTTP request behind it. By default each call from outside
   * of services has one of its own. At most 256 bytes, without control characters.
   */
  requestId?: string;
  /**
   * The W3C trace context of the caller, `00-<trace id>-<span id>-<flags>`; log records and the
   * calls of handlers carry it on.
   */
  traceparent?: string;
}

/** Options of a request. */
export interface RequestOptions extends CallOptions {
  /** `arc` gives the result as an `ArcValue`: as it is in Rust, decoded only where it is read. */
  as?: "arc";
}

export const CALL_OPTIONS = ["timeoutMs", "signal", "requestId", "traceparent"];
export const REQUEST_OPTIONS = [...CALL_OPTIONS, "as"];

const TRACEPARENT = /^[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(-\P{Cc}*)?$/u;

/** Peers leave out ids of any other form. */
function checkId(requestId: string): void {
  const isLong = Buffer.byteLength(requestId) > MAX_REQUEST_ID_BYTES;
  if (!isLong && !/\p{Cc}/u.test(requestId)) return;
  refuse(
    "options.requestId",
    `expected at most ${MAX_REQUEST_ID_BYTES} bytes without control characters`,
  );
}

/** @throws InvalidArgumentError, naming the option. */
export function checkRequestOptions(options: RequestOptions): void {
  checkOptions(options, REQUEST_OPTIONS);
  checkMilliseconds(options.timeoutMs, "options.timeoutMs");
  const { signal, as, requestId, traceparent } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    refuseType(signal, "an AbortSignal", "options.signal");
  }
  if (as !== undefined && as !== "arc") {
    refuse("options.as", `expected "arc" or nothing, got ${JSON.stringify(as)}`);
  }
  if (checkString(requestId, "options.requestId") !== undefined) checkId(requestId as string);
  if (traceparent === undefined) return;
  const isShort = typeof traceparent === "string" && traceparent.length <= MAX_REQUEST_ID_BYTES;
  if (isShort && TRACEPARENT.test(traceparent)) return;
  refuse(
    "options.traceparent",
    `expected 00-<trace id>-<span id>-<flags>, got ${JSON.stringify(traceparent)}`,
  );
}
