// Members as processes. Whatever is awaited of one has a deadline, and is named when it passes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const START_SECONDS = 40;
const ANSWER_SECONDS = 60;
const STOP_SECONDS = 15;

/** Those that may still run. */
const children = new Set();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

const PROGRAM = fileURLToPath(new URL("member.mjs", import.meta.url));

export class MemberProcess {
  #name;
  #child;
  #closed;
  #told = [];
  #look = new Set();
  #commands = 0;

  constructor(name, program, args, settings) {
    this.#name = name;
    this.#child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    children.add(this.#child);
    // A process that has ended reads nothing more.
    this.#child.stdin.on("error", () => {});
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      this.#told.push(JSON.parse(line));
      for (const look of this.#look) look();
    });
    this.#closed = once(this.#child, "close")
      .then(
        ([code, signal]) => `it ended with ${signal ?? code}`,
        (error) => `it cannot be started: ${error.message}`,
      )
      .finally(() => children.delete(this.#child));
    this.#write(settings);
  }

  /** One that runs in JavaScript, of a kind that has a file in `kinds`. */
  static ofKind(name, kind, settings) {
    return new MemberProcess(name, process.execPath, [PROGRAM, kind], settings);
  }

  #write(line) {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  /** The first of `outcome`, the end of the process, which fails, and the deadline, which does too. */
  async #within(seconds, what, outcome) {
    const { promise, reject } = Promise.withResolvers();
    const fail = (why) => {
      const last = JSON.stringify(this.#told.at(-1) ?? "nothing");
      reject(new Error(`${this.#name}: ${what}: ${why}; unread, it last told: ${last}`));
    };
    const timer = setTimeout(() => fail(`not within ${seconds} s`), seconds * 1000);
    void this.#closed.then(fail);
    try {
      return await Promise.race([outcome, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What it tells that has all of this, told already or yet to be told. */
  async #next(wanted, seconds, what) {
    const { promise, resolve } = Promise.withResolvers();
    const look = () => {
      const at = this.#told.findIndex((told) =>
        Object.entries(wanted).every(([key, value]) => told[key] === value),
      );
      if (at >= 0) resolve(this.#told.splice(at, 1)[0]);
    };
    this.#look.add(look);
    look();
    try {
      return await this.#within(seconds, what, promise);
    } finally {
      this.#look.delete(look);
    }
  }

  /** Waits until it tells of an event. */
  told(event) {
    return this.#next(event, START_SECONDS, JSON.stringify(event));
  }

  async ask(command) {
    const id = ++this.#commands;
    this.#write({ id, ...command });
    const what = JSON.stringify(command).slice(0, 120);
    const { event, value, message } = await this.#next({ id }, ANSWER_SECONDS, what);
    if (event === "failed") throw new Error(`${this.#name}: ${what}: ${message}`);
    return value;
  }

  /** Ends it as a program that is asked to. */
  async stop() {
    this.#write({ command: "stop" });
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_SECONDS * 1000);
    const end = await this.#closed;
    clearTimeout(timer);
    if (end === "it ended with 0") return;
    throw new Error(`${this.#name}: asked to stop, within ${STOP_SECONDS} s: ${end}`);
  }
}
