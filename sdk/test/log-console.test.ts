/** What the default sink delivers: to readers that keep up, stand still, or go away. */

import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { LogStats } from "runar-ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectAccounts } from "./log-support.js";
import { workerUrl } from "./support.js";

const sdk = fileURLToPath(new URL("../", import.meta.url));
const LIMIT_MS = 30_000;
const PIPE_BYTES = 65_536;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "runar-ts-console-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** The read end of a pipe that a program writes its standard error stream to. */
class Pipe {
  readonly #file = path.join(folder, "pipe");
  #fd: number | undefined;
  text = "";

  constructor() {
    execFileSync("mkfifo", [this.#file]);
    this.#fd = openSync(this.#file, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  openWriter(): number {
    return openSync(this.#file, constants.O_WRONLY);
  }

  /** Reads what there is. */
  read(): void {
    const buffer = Buffer.alloc(PIPE_BYTES);
    try {
      for (;;) {
        const size = readSync(this.#fd as number, buffer);
        if (size === 0) return;
        this.text += buffer.toString("latin1", 0, size);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** The records that arrived; a line that is none fails. */
  get messages(): string[] {
    const lines = this.text.split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line).message as string);
  }
}

/** A program that writes to a pipe, says something at a time, and is told to go on. */
class Program {
  readonly #child;
  #said: string[] = [];
  #tell: (() => void) | undefined;
  readonly ended: Promise<number | string | null>;

  constructor(body: string, stderr: number) {
    const program = `
      import { Node } from "runar-ts";
      import { once } from "node:events";
      const say = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
      const heard = () => once(process.stdin, "data").then(() => process.stdin.destroy());
      ${body}`;
    this.#child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: sdk,
      stdio: ["pipe", "pipe", stderr],
      timeout: LIMIT_MS,
    });
    closeSync(stderr);
    let text = "";
    this.#child.stdout?.on("data", (part) => {
      text += part;
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      this.#said.push(...lines);
      this.#tell?.();
    });
    this.ended = new Promise((resolve) =>
      this.#child.on("close", (code, signal) => {
        this.#tell?.();
        resolve(code ?? signal);
      }),
    );
  }

  async said<T>(): Promise<T> {
    while (this.#said.length === 0) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
      if (this.#child.exitCode !== null && this.#said.length === 0) throw new Error("it has ended");
    }
    return JSON.parse(this.#said.shift() as string) as T;
  }

  goOn(): void {
    this.#child.stdin?.write("go on\n");
  }
}

/** Reads on until the program has ended, and then the rest. */
async function readAll(pipe: Pipe, program: Program): Promise<number | string | null> {
  const timer = setInterval(() => pipe.read(), 1);
  const ended = await program.ended;
  clearInterval(timer);
  pipe.read();
  pipe.close();
  return ended;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);
const numberOf = (message: string) => message.split(" ")[0];

describe("what is written to the default sink", () => {
  const ways = {
    "closeLogs() and process.exit":
      "await node.closeLogs(); say(node.logStats()); process.exit(0);",
    "stop() and process.exit": "await node.stop(); say(node.logStats()); process.exit(0);",
    "process.exit": 'process.on("exit", () => say(node.logStats())); process.exit(0);',
    "the end of the program": 'process.on("exit", () => say(node.logStats()));',
  };
  it.each(Object.entries(ways))("is all delivered by %s", async (_, way) => {
    const pipe = new Pipe();
    const program = new Program(
      `const node = new Node();
      await node.start();
      for (let index = 0; index < 20_000; index++) node.logger.info(index + " " + "x".repeat(1000));
      ${way}`,
      pipe.openWriter(),
    );
    expect(await readAll(pipe, program)).toBe(0);
    const stats = await program.said<LogStats>();
    expectAccounts(stats);
    expect(stats.total).toMatchObject({ dropped: 0, pending: 0 });
    const own = pipe.messages.filter((message) => message.endsWith("x")).map(numberOf);
    expect(own).toEqual(numbers(20_000));
    expect(pipe.messages).toHaveLength(stats.total.delivered);
  });

  it("stays whole when one record is larger than a pipe, and several threads write", async () => {
    const pipe = new Pipe();
    const urls = ["a", "b", "c"].map(
      (name) =>
        workerUrl(
          `import { Node } from "runar-ts";
          const node = new Node();
          for (let index = 0; index < 300; index++) {
            node.logger.info(index + " " + "${name}".repeat(1000));
            if (index % 10 === 0) await new Promise(setImmediate);
          }
          await node.closeLogs();`,
        ).href,
    );
    const program = new Program(
      `import { Worker } from "node:worker_threads";
      const workers = ${JSON.stringify(urls)}.map((url) => new Worker(new URL(url)));
      await Promise.all(workers.map((worker) => once(worker, "exit")));
      const node = new Node();
      node.logger.info("0 " + "l".repeat(300_000));
      node.logger.info("1 l");
      process.exit(0);`,
      pipe.openWriter(),
    );
    const ended = await readAll(pipe, program);
    expect(ended).toBe(0);
    const of = (name: string) =>
      pipe.messages.filter((message) => message.endsWith(name)).map(numberOf);
    for (const name of ["a", "b", "c"]) expect(of(name)).toEqual(numbers(300));
    expect(of("l")).toEqual(["0", "1"]);
  });
});

describe("a reader that stands still", () => {
  it("costs the lowest levels, within bounds, and holds the program up only once", async () => {
    const pipe = new Pipe();
    const program = new Program(
      `const node = new Node({}, { logLevel: "debug" });
      const write = (count) => {
        for (let index = 0; index < count; index++) node.logger.debug(index + " " + "x".repeat(1000));
      };
      write(20_000);
      const before = process.memoryUsage().rss;
      const began = performance.now();
      for (let round = 0; round < 50; round++) {
        write(2_000);
        await new Promise(setImmediate);
      }
      const took = performance.now() - began;
      for (let index = 0; index < 100; index++) node.logger.error(index + " error");
      say({ stats: node.logStats(), grown: process.memoryUsage().rss - before, took });
      await heard();
      say(await node.closeLogs());
      process.exit(0);`,
      pipe.openWriter(),
    );
    const { stats, grown, took } = await program.said<{
      stats: LogStats;
      grown: number;
      took: number;
    }>();
    expectAccounts(stats);
    expect(stats.error).toEqual({ accepted: 100, delivered: 0, dropped: 0, pending: 100 });
    expect(stats.debug.dropped).toBeGreaterThan(100_000);
    expect(grown).toBeLessThan(64 << 20);
    expect(took).toBeLessThan(10_000);
    program.goOn();
    expect(await readAll(pipe, program)).toBe(0);
    const closed = await program.said<LogStats>();
    expectAccounts(closed);
    expect(closed.total.pending).toBe(0);
    expect(closed.error.delivered).toBe(100);
    expect(pipe.messages).toHaveLength(closed.total.delivered);
  });

  it("is waited for at the end of the process, but not for long; what is lost is counted", async () => {
    const pipe = new Pipe();
    const program = new Program(
      `const node = new Node();
      process.on("exit", () => say(node.logStats()));
      for (let index = 0; index < 200; index++) node.logger.info(index + " " + "x".repeat(1000));
      process.exit(0);`,
      pipe.openWriter(),
    );
    expect(await program.ended).toBe(0);
    const stats = await program.said<LogStats>();
    expectAccounts(stats);
    expect(stats.total.pending).toBe(0);
    expect(stats.total.dropped).toBeGreaterThan(100);
    pipe.read();
    pipe.close();
    expect(pipe.messages).toHaveLength(stats.total.delivered);
  });
});

describe("a reader that goes away", () => {
  it("ends no program; each node warns of it once, and what is lost is counted", async () => {
    const pipe = new Pipe();
    const program = new Program(
      `const warnings = [];
      process.on("warning", ({ message }) => warnings.push(message));
      const node = new Node();
      node.logger.info("first");
      await node.closeLogs();
      say("written");
      await heard();
      const other = new Node();
      await other.start();
      for (let index = 0; index < 5; index++) {
        other.logger.info("lost");
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await other.stop();
      // A second node warns for itself.
      const third = new Node();
      third.logger.info("lost");
      await third.closeLogs();
      await new Promise(setImmediate);
      say([await other.closeLogs(), warnings]);`,
      pipe.openWriter(),
    );
    expect(await program.said()).toBe("written");
    pipe.read();
    expect(pipe.messages).toEqual(["first"]);
    pipe.close();
    program.goOn();
    const [stats, warnings] = await program.said<[LogStats, string[]]>();
    expect(await program.ended).toBe(0);
    expectAccounts(stats);
    expect(stats.total.delivered).toBe(0);
    expect(stats.total.dropped).toBeGreaterThanOrEqual(5);
    const warning = "runar-ts: a log sink failed; its records are lost: descriptor 2: EPIPE";
    expect(warnings).toEqual([warning, warning]);
  });

  it("is told of by other sinks too, whose failures nobody reads", async () => {
    const pipe = new Pipe();
    const program = new Program(
      `await heard();
      const warned = once(process, "warning");
      const node = new Node({}, { logger: () => { throw new Error("planned"); } });
      node.logger.info("lost");
      const [{ message }] = await warned;
      say(message);`,
      pipe.openWriter(),
    );
    pipe.close();
    program.goOn();
    expect(await program.said()).toBe("runar-ts: a log sink failed; its records are lost: planned");
    expect(await program.ended).toBe(0);
  });
});

it("a file gets everything at once", async () => {
  const file = path.join(folder, "log");
  const program = new Program(
    `const node = new Node();
    for (let index = 0; index < 20_000; index++) node.logger.info(index + " " + "x".repeat(1000));
    process.kill(process.pid, "SIGKILL");`,
    openSync(file, "w"),
  );
  expect(await program.ended).toBe("SIGKILL");
  // Most of it is written before the turn is over: no more waits than there is room for.
  const lines = (await readFile(file, "utf8")).split("\n").length - 1;
  expect(lines).toBeGreaterThan(20_000 - 8192);
});
