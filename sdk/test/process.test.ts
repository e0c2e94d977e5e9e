import { Worker } from "node:worker_threads";
import { Node } from "runar-ts";
import { describe, expect, it } from "vitest";
import { isolate } from "../dist/bridge/isolate.js";
import { native } from "../dist/native/binding.js";
import { lanes, makeNode, runProgram, workerUrl } from "./support.js";

const service = `{ name: "a", path: "a", actions: {
  ping: () => "pong",
  never: () => new Promise(() => {}),
  exit: () => process.exit(0),
} }`;
const start = `const node = new Node({}); node.addService(${service}); await node.start();`;

describe("a program exits with code 0", () => {
  it.each([
    ["when a node was never started", "new Node({});"],
    [
      "when a service was added to a node that never started",
      `new Node({}).addService(${service});`,
    ],
    ["after stop()", `${start} await node.stop();`],
    ["with a local node still running", start],
    ["with a local node that was dropped", `{ ${start} } globalThis.gc();`],
    ["after a request that failed", `${start} await node.request("a/nope").catch(() => {});`],
    [
      "after a request that timed out",
      `${start} await node.request("a/never", [], { timeoutMs: 30 }).catch(() => {});`,
    ],
    [
      "after a networked node has stopped",
      `const node = new Node({ network_config: {} }); await node.start(); await node.stop();`,
    ],
    ["by process.exit in a handler", `${start} await node.request("a/exit");`],
    [
      "on the native lane",
      `const node = new Node({}, { localCalls: "native" }); node.addService(${service}); await node.start(); if (await node.request("a/ping") !== "pong") process.exit(3);`,
    ],
  ])("%s", async (_, body) => {
    const ended = await runProgram(`${body}\nconsole.log("last line");`, ["--expose-gc"]);
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: "" });
    if (!body.includes("a/exit")) expect(ended.stdout).toBe("last line\n");
  });
});

describe("a program keeps running", () => {
  it("while a networked node runs, even if it is unreachable", async () => {
    const ended = await runProgram(
      `{ const node = new Node({ network_config: {} }); await node.start(); }
       globalThis.gc(); setTimeout(() => { console.log("still here"); process.exit(0); }, 300).unref();`,
      ["--expose-gc"],
    );
    expect(ended).toMatchObject({ code: 0, stdout: "still here\n" });
  });
});

describe.each(lanes)("an unanswered call on the %s lane", (localCalls) => {
  it("keeps the process alive until its deadline", async () => {
    const ended = await runProgram(
      `const node = new Node({}, { localCalls: "${localCalls}" }); node.addService(${service}); await node.start();
       try { await node.request("a/never", [], { timeoutMs: 200 }); } catch (error) { console.log(error.code); }`,
    );
    expect(ended).toMatchObject({ code: 0, stdout: "ERR_RUNAR_TIMEOUT\n" });
  });
});

describe("an addon that cannot be loaded", () => {
  it("causes a LoadError that lists the candidates and their failures", async () => {
    const ended = await runProgram("", [], { RUNAR_TS_FFI_PATH: "/nowhere/addon.node" });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("LoadError: The native addon of runar-ts could not be loaded");
    expect(ended.stderr).toContain("/nowhere/addon.node: Cannot find module");
  });
});

describe("pending records are delivered", () => {
  it.each([
    ["when the program ends", ""],
    ["by process.exit", "process.exit(0);"],
  ])("%s", async (_, end) => {
    const ended = await runProgram(
      `const node = new Node({}, { logger: (record) => console.log(record.seq, record.message) });
       node.logger.info("one"); node.logger.info("two"); ${end}`,
    );
    expect(ended).toMatchObject({ code: 0, stdout: "1 one\n2 two\n" });
  });

  it("when the program ends by an uncaught error", async () => {
    const ended = await runProgram(
      `const node = new Node({}, { logger: (record) => console.log(record.message) });
       node.logger.info("last words"); throw new Error("dies");`,
    );
    expect(ended).toMatchObject({ code: 1, stdout: "last words\n" });
  });

  it("in order across the core and JavaScript", async () => {
    const ended = await runProgram(
      `const node = new Node({ logging_config: { default_level: "info" } }, { logger: (record) => console.log(record.seq, record.target) });
       await node.start(); node.logger.info("after the start");`,
    );
    const lines = ended.stdout.trim().split("\n");
    expect(lines.at(-1)).toMatch(/^\d+ runar-ts$/);
    expect(lines.slice(0, -1).every((line) => line.endsWith(" runar_common::logging"))).toBe(true);
    expect(lines.map((line) => Number.parseInt(line, 10))).toEqual(
      lines.map((_, index) => index + 1),
    );
  });
});

describe("garbage collection", () => {
  it("stops an unreachable local node in the core", async () => {
    const before = JSON.parse(native.liveCounts(isolate().id)).nodes;
    await (async () => {
      const node = new Node({});
      node.addService({ name: "a", path: "a", actions: { ping: (ctx: unknown) => ctx !== node } });
      await node.start();
      await node.request("a/ping");
      expect(JSON.parse(native.liveCounts(isolate().id)).nodes).toBe(before + 1);
    })();
    await expect
      .poll(() => {
        globalThis.gc?.();
        return JSON.parse(native.liveCounts(isolate().id)).nodes;
      })
      .toBe(before);
  });
});

describe("worker threads", () => {
  it("two threads use the addon in parallel", async () => {
    const body = `
      import { parentPort } from "node:worker_threads";
      import { Node } from "runar-ts";
      const node = new Node({}, { localCalls: "native" });
      node.addService({ name: "a", path: "a", actions: { add: (a, b) => a + b } });
      await node.start();
      let sum = 0;
      for (let i = 0; i < 1000; i++) sum += await node.request("a/add", [i, 1]);
      await node.stop();
      parentPort.postMessage(sum);`;
    const results = await Promise.all([runWorker(body), runWorker(body)]);
    expect(results).toEqual([
      { message: 500_500, code: 0 },
      { message: 500_500, code: 0 },
    ]);
  });

  it("a thread that ends or is terminated with a running node does not affect others", async () => {
    const running = `
      import { parentPort } from "node:worker_threads";
      import { Node } from "runar-ts";
      const node = new Node({ network_config: {} });
      node.addService({ name: "a", path: "a", actions: { never: () => new Promise(() => {}) } });
      await node.start();
      node.request("a/never").catch(() => {});
      parentPort.postMessage("running");`;
    const worker = new Worker(workerUrl(running));
    await new Promise((resolve) => worker.once("message", resolve));
    await worker.terminate();
    const ended = await runWorker(`${running} process.exit();`);
    expect(ended.message).toBe("running");
    const node = makeNode();
    await node.start();
    await node.stop();
    expect(node.state).toBe("stopped");
  });
});

async function runWorker(body: string): Promise<{ message: unknown; code: number }> {
  const worker = new Worker(workerUrl(body));
  let message: unknown;
  worker.on("message", (value) => {
    message = value;
  });
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", (code) => resolve({ message, code }));
  });
}
