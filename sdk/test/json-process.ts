/** A process that reports events as lines of JSON, for which tests can wait. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Ended } from "./support.js";

/** A line of JSON. */
export type Told = Record<string, unknown>;

export class JsonProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  #told: Told[] = [];
  #waiting: (() => void)[] = [];
  #end: Ended | undefined;

  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string) {
    this.child = spawn(program, args, {
      ...(cwd !== undefined && { cwd }),
      stdio: "pipe",
      env: { ...process.env, ...env },
    });
    let stdout = "";
    let stderr = "";
    this.child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    this.child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    this.child.on("error", (error) => {
      stderr += String(error);
    });
    // A process that has ended reads no more input.
    this.child.stdin.on("error", () => {});
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      this.#told.push(JSON.parse(line));
      this.#wake();
    });
    this.ended = once(this.child, "close").then(([code, signal]) => {
      this.#end = { code, signal, stdout, stderr };
      this.#wake();
      return this.#end;
    });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** The next line that matches an object or a predicate, past or future. */
  async next(wanted: Told | ((told: Told) => boolean)): Promise<Told> {
    const has =
      typeof wanted === "function"
        ? wanted
        : (told: Told) => Object.entries(wanted).every(([key, value]) => told[key] === value);
    for (;;) {
      const at = this.#told.findIndex(has);
      const [found] = at < 0 ? [] : this.#told.splice(at, 1);
      if (found !== undefined) return found;
      if (this.#end !== undefined) {
        const what = typeof wanted === "function" ? "what was waited for" : JSON.stringify(wanted);
        throw new Error(`${what} was not said: ${JSON.stringify(this.#end)}`);
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Writes a line of JSON to the process. */
  write(line: unknown): void {
    this.child.stdin.write(`${JSON.stringify(line)}\n`);
  }
}
