/** Shared helpers of the tests. */

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type LogRecord, Node, type NodeConfig, type NodeOptions, RunarError } from "runar-ts";
import { fixtures, handleOf, settle } from "../../ci/fixtures.mjs";

/** Both local lanes, in which calls behave the same. */
export const lanes = ["direct", "native"] as const;
export type Lane = (typeof lanes)[number];

const started: Node[] = [];

/** A node that keeps its records and is stopped after the test. */
export function makeNode(
  options: NodeOptions = {},
  config: NodeConfig = {},
): Node & { records: LogRecord[] } {
  const records: LogRecord[] = [];
  const node = new Node(config, { logger: (record) => records.push(record), ...options });
  started.push(node);
  return Object.assign(node, { records });
}

export async function stopNodes(): Promise<void> {
  await Promise.all(started.splice(0).map((node) => node.stop({ drainMs: 0 })));
}

/** Adds the Rust service `fixture` to a running node. */
export async function addRustService(node: Node): Promise<void> {
  await settle((call) => fixtures.fixtureAddService(handleOf(node), call));
}

/** The error that a promise rejects with; fails the test when it resolves. */
export async function failure(promise: Promise<unknown>): Promise<RunarError> {
  const error = await promise.then(
    (value) => {
      throw new Error(`resolved with ${JSON.stringify(value)}`);
    },
    (error) => error,
  );
  if (!(error instanceof RunarError)) throw error;
  return error;
}

/** The error that a function throws. */
export function thrown(body: () => unknown): RunarError {
  try {
    body();
  } catch (error) {
    if (error instanceof RunarError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** A promise and the ways to settle it. */
export function deferred<T = void>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs source text as a user's module in a separate process. */
export function runProgram(
  body: string,
  nodeArgs: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const sdk = fileURLToPath(new URL("../", import.meta.url));
  const program = `import { Node } from "runar-ts";\n${body}`;
  const child = spawn(process.execPath, [...nodeArgs, "--input-type=module", "--eval", program], {
    cwd: sdk,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    timeout: 20_000,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Waits until no record is pending; consecutive records of Rust are delivered together. */
export async function delivered(node: Node): Promise<void> {
  while (node.logStats().total.pending > 0) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** A module from source text that a worker can run; `runar-ts` resolves as from here. */
export function workerUrl(body: string): URL {
  const sdk = new URL("../dist/index.js", import.meta.url).href;
  // A data: module has no folder from which packages resolve.
  return new URL(
    `data:text/javascript,${encodeURIComponent(body.replaceAll(`"runar-ts"`, JSON.stringify(sdk)))}`,
  );
}
