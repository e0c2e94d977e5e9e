/** The built command line as a process. */

import { fileURLToPath } from "node:url";
import { JsonProcess } from "./json-process.js";
import type { Ended } from "./support.js";

const PROGRAM = fileURLToPath(new URL("../bin/runar-ts.js", import.meta.url));

/** Options of a command. */
export interface CliOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

/** Starts a command. Its output is not a terminal: results are JSON without colours. */
export function startCli(args: readonly string[], { env = {}, cwd }: CliOptions = {}): JsonProcess {
  return new JsonProcess(process.execPath, [PROGRAM, ...args], env, cwd);
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
  const command = startCli(args, options);
  command.child.stdin.end();
  return command.ended;
}
