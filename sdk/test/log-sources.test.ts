/** Routing of records from threads, the core and other libraries, and the filter RUNAR_LOG. */

import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { fixtures, handleOf } from "../../ci/fixtures.mjs";
import { turn, writeInRust } from "./log-support.js";
import { delivered, makeNode, runProgram, stopNodes, workerUrl } from "./support.js";

afterEach(stopNodes);

describe("worker threads", () => {
  it("get the records of their own nodes, and lose only those when they end", async () => {
    const body = `
      import { parentPort } from "node:worker_threads";
      import { Node } from "runar-ts";
      const node = new Node({ node_id: "worker", logging_config: { default_level: "info" } }, {
        logger: (record) => parentPort.postMessage(record.label),
      });
      await node.start();
      await new Promise(() => setInterval(() => node.logger.info("tick"), 5));`;
    const own = makeNode({}, { node_id: "main", logging_config: { default_level: "info" } });
    await own.start();
    const labels = new Set<string>();
    const worker = new Worker(workerUrl(body));
    await new Promise<void>((resolve) => {
      worker.on("message", (label) => {
        labels.add(label);
        if (labels.size > 0) resolve();
      });
    });
    await worker.terminate();
    own.logger.info("still here");
    fixtures.fixtureLog(handleOf(own), "warn", "and so is Rust", false);
    await turn();
    expect([...labels]).toEqual(["worker"]);
    expect(new Set(own.records.map(({ label }) => label))).toEqual(new Set(["main"]));
    expect(own.records.slice(-2).map(({ message }) => message)).toEqual([
      "and so is Rust",
      "still here",
    ]);
  });
});

describe("records without a node", () => {
  it("go to stderr of the first thread, tracing events with their spans", async () => {
    const ended = await runProgram(
      `import { native } from "./dist/native/binding.js";
       const node = new Node({}, { logger: () => {} });
       native.fixtureLog(0, "warn", "nobody's", false);
       native.fixtureLog(7, "warn", "traced", true);`,
    );
    const records = ended.stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(records).toEqual([
      expect.objectContaining({ level: "warn", message: "nobody's", target: "runar_fixture" }),
      expect.objectContaining({
        message: "traced",
        fields: { node: 7, span: "fixture", text: "traced" },
      }),
    ]);
  });
});

describe("records of the core", () => {
  it("have clean text, with the original text beside it", async () => {
    const node = makeNode();
    writeInRust(node, "warn", "🔍 [read_message] Reading");
    writeInRust(node, "warn", "plain");
    await delivered(node);
    expect(node.records[0]).toMatchObject({
      message: "Reading",
      raw: "🔍 [read_message] Reading",
      fields: { step: "read_message" },
      component: "Fixture",
    });
    expect(node.records[1]?.raw).toBeUndefined();
  });
});

describe("RUNAR_LOG", () => {
  const program = `
    const node = new Node({ logging_config: { default_level: "off" } }, { logLevel: "error", logger: (r) => console.log(r.level, r.component, r.message) });
    node.addService({ name: "shop", path: "shop", actions: { order: (ctx) => ctx.logger.debug("ordering") } });
    await node.start(); await node.request("shop/order"); node.logger.info("program");`;

  it.each([
    ["", []],
    ["info,Service=off,Keys=off", ["info Node program"]],
    ["off,shop=debug", ["debug Service ordering"]],
    ["off,runar-ts=debug", ["debug Service ordering", "info Node program"]],
    ["off,Keys=info", ["info Keys User root key initialized (private key secured on mobile)"]],
  ])("%j overrides other levels", async (RUNAR_LOG, expected) => {
    const { stdout } = await runProgram(program, [], { RUNAR_LOG });
    const lines = stdout.split("\n").filter((line) => line !== "" && !/^info Node [^p]/.test(line));
    expect(lines.slice(0, expected.length || 1)).toEqual(expected);
  });

  it("is reported in a record when it is invalid", async () => {
    const { stdout } = await runProgram(
      `new Node({}, { logger: (record) => console.log(record.level, record.message) });`,
      [],
      { RUNAR_LOG: "Network=loud" },
    );
    expect(stdout).toMatch(/^warn RUNAR_LOG=Network=loud is ignored: /);
  });
});
