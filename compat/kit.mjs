// What a case needs beside the packages: it prints the trace, byte for byte the same on every
// runtime, and records the facts that differ between runtimes in a file of their own.
import { appendFileSync, writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { load } from "runar-ts-ffi";

const { COMPAT_FACTS, COMPAT_LANE, COMPAT_COLLECTS } = process.env;

// The thread that a case began on, and not one of the workers that it started.
const factsFile = isMainThread ? COMPAT_FACTS : undefined;

function record(facts) {
  if (factsFile) appendFileSync(factsFile, `${JSON.stringify(facts)}\n`);
}

/** What the addon holds, over all threads of the process. */
export function live() {
  return JSON.parse(load().liveCounts());
}

function liveAtExit() {
  try {
    return live();
  } catch (error) {
    return { failed: error.message };
  }
}

record({ versions: process.versions });
process.on("exit", () => record({ live: liveAtExit() }));

/** How calls are to reach the case's services: `direct` or `native` within a node, or `remote`. */
export const lane = COMPAT_LANE ?? "direct";

/** Prints a line of the trace: strings as they are, anything else as `show` has it. */
export function say(...parts) {
  const line = parts.map((part) => (typeof part === "string" ? part : show(part))).join(" ");
  // At once, so that nothing is lost whichever way the process ends.
  writeSync(1, `${line}\n`);
}

/** A value as text: the same on every runtime, with the keys of objects in alphabetical order. */
export function show(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "symbol" || typeof value === "function") return typeof value;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return describe(value);
  if (value instanceof Uint8Array) return `bytes[${Array.from(value).join(" ")}]`;
  if (Array.isArray(value)) return `[${Array.from(value, show).join(", ")}]`;
  const entries = Object.keys(value).sort();
  return `{${entries.map((key) => `${key}: ${show(value[key])}`).join(", ")}}`;
}

/** What the SDK promises of an error: class, code, message, whether a retry helps. */
export function describe(error) {
  if (!(error instanceof Error)) return `not an Error: ${show(error)}`;
  const { name, code, message } = error;
  const codeText = typeof code === "string" ? ` ${code}` : "";
  const retry = error.retryable === true ? " (a retry can help)" : "";
  return `${name}${codeText}: ${message}${retry}`;
}

/** What a promise rejects with; a case whose promise resolves says so. */
export async function rejection(promise) {
  try {
    return new Error(`it resolved with ${show(await promise)}`);
  } catch (error) {
    return error;
  }
}

/** What a function throws; a case whose function returns says so. */
export function thrown(body) {
  try {
    return new Error(`it returned ${show(body())}`);
  } catch (error) {
    return error;
  }
}

if (COMPAT_COLLECTS) setInterval(collectGarbage, 1).unref();

/** A promise and the ways to settle it. */
export function deferred() {
  let resolve;
  let reject;
  const promise = new Promise((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Collects garbage, as far as the runtime lets itself be asked. */
export function collectGarbage() {
  const collect = globalThis.gc ?? (() => globalThis.Bun.gc(true));
  collect();
}

/**
 * Prints the last line that every case must have. `leaving` names what the addon may still hold
 * when the process exits, beyond nothing: `{ running: 1 }` for a node that was not stopped, or
 * "unknown" where the process ends in the middle of work.
 */
export function end(leaving = {}) {
  // Here too: Bun before 1.4 tells nobody of its exit once a worker that used an addon has ended.
  record({ leaving, live: liveAtExit() });
  say("end");
}
