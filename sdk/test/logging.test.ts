import type { LogRecord, LogThreshold, NodeConfig } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { delivered, lanes, makeNode, runProgram, stopNodes, thrown } from "./support.js";

afterEach(stopNodes);

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("records of the user's program", () => {
  it("have one shape with node, fields and error", async () => {
    const node = makeNode({}, { node_id: "shop" });
    const cause = new RangeError("inner");
    node.logger
      .child({ request: 7 })
      .error("failed", { error: new Error("outer", { cause }), n: 1 });
    await turn();
    expect(node.records).toHaveLength(1);
    expect(node.records[0]).toMatchObject({
      level: "error",
      message: "failed",
      label: "shop",
      component: "Node",
      target: "runar-ts",
      fields: { request: 7, n: 1 },
      error: { name: "Error", message: "outer", cause: { name: "RangeError", message: "inner" } },
    });
    expect(node.records[0]?.seq).toBeGreaterThan(0);
    expect(Math.abs((node.records[0]?.time ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it.each<[LogThreshold, number]>([
    ["trace", 5],
    ["debug", 4],
    ["info", 3],
    ["warn", 2],
    ["error", 1],
    ["off", 0],
  ])("pass from level %s on", async (level, count) => {
    const node = makeNode({ logLevel: level });
    for (const method of ["trace", "debug", "info", "warn", "error"] as const) {
      node.logger[method](method);
      expect(node.logger.isEnabled(method)).toBe(passes(method));
      await turn();
    }
    function passes(method: string) {
      return ["trace", "debug", "info", "warn", "error"].indexOf(method) >= 5 - count;
    }
    expect(node.records).toHaveLength(count);
  });

  it("obey a new level from the next record on", async () => {
    const node = makeNode();
    node.logger.debug("not yet");
    node.setLogLevel("debug", { component: "Node" });
    node.logger.debug("now");
    await turn();
    node.setLogLevel("off", { component: "Service" });
    node.logger.debug("still");
    await turn();
    node.setLogLevel("warn");
    node.logger.info("no more");
    await turn();
    expect(node.records.map((record) => record.message)).toEqual(["now", "still"]);
  });
});

describe.each(lanes)("records of the core on the %s lane", (localCalls) => {
  async function start(config: NodeConfig) {
    const node = makeNode({ localCalls }, config);
    await node.addService({ name: "a", path: "a", actions: { ping: () => 1 } });
    await node.start();
    await delivered(node);
    return node;
  }

  it("are silent at its default level", async () => {
    expect((await start({})).records).toEqual([]);
  });

  it("have the node's name, a component separate from the text, and their order", async () => {
    const node = await start({ node_id: "shop", logging_config: { default_level: "debug" } });
    expect(node.records.length).toBeGreaterThan(50);
    expect(node.records.every((record) => record.label === "shop")).toBe(true);
    expect(node.records.some((record) => record.component === "Service")).toBe(true);
    expect(node.records.every((record) => !record.message.startsWith("["))).toBe(true);
    const numbers = node.records.map((record) => record.seq);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] as number) + index));
  });

  it("obey the levels of their components", async () => {
    const node = await start({
      logging_config: { default_level: "off", component_levels: { Keys: "info" } },
    });
    expect(node.records.length).toBeGreaterThan(0);
    expect(new Set(node.records.map((record) => record.component))).toEqual(new Set(["Keys"]));
  });

  it("go to their own node", async () => {
    const [a, b] = await Promise.all([
      start({ node_id: "a", logging_config: { default_level: "info" } }),
      start({ node_id: "b", logging_config: { default_level: "info" } }),
    ]);
    expect(new Set(a.records.map((record) => record.label))).toEqual(new Set(["a"]));
    expect(new Set(b.records.map((record) => record.label))).toEqual(new Set(["b"]));
  });
});

describe("sinks", () => {
  it("can be an object with a method for each level", async () => {
    const seen: unknown[] = [];
    const method = (level: string) => (message: string, fields?: object) =>
      void seen.push([level, message, (fields as LogRecord).fields]);
    const logger = {
      debug: method("debug"),
      info: method("info"),
      warn: method("warn"),
      error: method("error"),
    };
    const node = makeNode({ logger, logLevel: "trace" });
    node.logger.trace("t", { a: 1 });
    node.logger.warn("w");
    await turn();
    expect(seen).toEqual([
      ["debug", "t", { a: 1 }],
      ["warn", "w", undefined],
    ]);
  });

  it("can take batches", async () => {
    const batches: string[][] = [];
    const node = makeNode({
      logger: { write: (records) => void batches.push(records.map((record) => record.message)) },
    });
    node.logger.info("1");
    node.logger.info("2");
    await turn();
    expect(batches).toEqual([["1", "2"]]);
  });

  it("are refused in any other form", () => {
    // @ts-expect-error: no such logger
    const error = thrown(() => makeNode({ logger: { log() {} } }));
    expect(error.code).toBe("ERR_RUNAR_LOG_SINK");
    expect(error.message).toMatch(/^options\.logger: expected a function, /);
  });

  it.each([
    ["throws", "() => { throw new Error('disk full'); }"],
    ["rejects", "{ write: async () => { throw new Error('disk full'); } }"],
  ])("one that %s is reported once and does not affect calls", async (_, logger) => {
    const ended = await runProgram(
      `const node = new Node({}, { logger: ${logger} });
       for (let i = 0; i < 3; i++) { node.logger.info("x"); await new Promise(setImmediate); }
       console.log("alive");`,
    );
    expect(ended).toEqual({
      code: 0,
      signal: null,
      stdout: "alive\n",
      stderr: "runar-ts: a log sink failed; its records are lost: disk full\n",
    });
  });
});
