/** The built command line as a process. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Ended } from "./support.js";

const PROGRAM = fileURLToPath(new URL("../bin/runar-ts.js", import.meta.url));

/** A command under way. */
export interface Running {
  child: ChildProcess;
  /** The next result for which the test holds; fails when the command ends before. */
  next(wanted: (result: Result) => boolean): Promise<Result>;
  ended: Promise<Ended>;
}

/** A line of JSON of a command. */
export type Result = Record<string, unknown>;

/** Starts a command. Its output is no terminal, so that results are JSON. */
export function startCli(args: string[], env: NodeJS.ProcessEnv = {}, cwd?: string): Running {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    ...(cwd !== undefined && { cwd }),
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, stdout, stderr }));
  const results: Result[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    if (line.startsWith("{")) results.push(JSON.parse(line));
  });
  async function next(wanted: (result: Result) => boolean): Promise<Result> {
    for (;;) {
      const at = results.findIndex(wanted);
      const [found] = at < 0 ? [] : results.splice(at, 1);
      if (found !== undefined) return found;
      const end = await Promise.race([once(lines, "line").then(() => undefined), ended]);
      if (end !== undefined && !results.some(wanted)) {
        throw new Error(`the command ended with ${end.code}: ${end.stdout}${end.stderr}`);
      }
    }
  }
  return { child, next, ended };
}

/** Runs a command to its end. */
export function runCli(
  args: string[],
  { input = "", env = {}, cwd }: { input?: string; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Ended> {
  const { child, ended } = startCli(args, env, cwd);
  child.stdin?.end(input);
  return ended;
}
