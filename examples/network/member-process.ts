/** A member as a process, in whichever language. */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Settings, Told } from "./settings.js";

const PATIENCE_MS = 40_000;

/** Started members that may still run. */
const all = new Set<MemberProcess>();

/** Ends all members that still run. */
export async function endAll(): Promise<void> {
  await Promise.all([...all].map((member) => member.kill()));
}

export class MemberProcess {
  readonly name: string;
  #child: ChildProcessWithoutNullStreams;
  #closed: Promise<unknown>;
  #told: Told[] = [];
  #wake = new Set<() => void>();
  #calls = 0;

  constructor(name: string, program: string, args: string[], settings: Settings) {
    this.name = name;
    this.#child = spawn(program, args, { stdio: "pipe" });
    this.#child.stderr.pipe(process.stderr);
    this.#child.stdin.on("error", () => {});
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      this.#told.push(JSON.parse(line));
      for (const wake of this.#wake) wake();
    });
    this.#closed = once(this.#child, "close").then(() => all.delete(this));
    all.add(this);
    this.#write(settings);
  }

  #write(line: object): void {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  /** What it tells next that has all of this. */
  async next(wanted: Told): Promise<Told> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const at = this.#told.findIndex((told) =>
        Object.entries(wanted).every(([key, value]) => told[key] === value),
      );
      const [found] = at < 0 ? [] : this.#told.splice(at, 1);
      if (found !== undefined) return found;
      await new Promise<void>((resolve, reject) => {
        const wake = () => {
          this.#wake.delete(wake);
          resolve();
        };
        this.#wake.add(wake);
        deadline.onabort = () => {
          reject(new Error(`${this.name} did not say ${JSON.stringify(wanted)}`));
        };
      });
    }
  }

  async #ask(command: object): Promise<unknown> {
    this.#calls++;
    const id = this.#calls;
    this.#write({ id, ...command });
    const { event, value, message } = await this.next({ id });
    if (event === "failed") throw new Error(`${this.name}: ${message}`);
    return value;
  }

  call(path: string, payload: unknown): Promise<unknown> {
    return this.#ask({ command: "call", path, payload });
  }

  publish(topic: string, value: unknown): Promise<unknown> {
    return this.#ask({ command: "publish", topic, value });
  }

  /** SIGKILL: it has no time to say goodbye. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#closed;
  }

  async stop(): Promise<void> {
    this.#write({ command: "stop" });
    await this.#closed;
  }
}
