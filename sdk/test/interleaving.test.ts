import type { Context } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { isolate } from "../dist/bridge/isolate.js";
import {
  addRustService,
  deferred,
  delivered,
  failure,
  type Lane,
  lanes,
  makeNode,
  runProgram,
  stopNodes,
} from "./support.js";

afterEach(stopNodes);

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A service that tells what its hooks do, and waits in them for its gates. */
function slowService(
  seen: string[],
  gates: Partial<Record<"init" | "start" | "stop", Promise<void>>>,
) {
  const hook = (name: "init" | "start" | "stop") => async () => {
    seen.push(name);
    await gates[name];
    seen.push(`${name} ended`);
  };
  return {
    name: "s",
    path: "s",
    actions: { ping: () => "pong" },
    init: hook("init"),
    start: hook("start"),
    stop: hook("stop"),
  };
}

describe("starts, stops, additions and removals in any order", () => {
  it("a service added in the very turn of start() starts with the node", async () => {
    for (let round = 0; round < 50; round++) {
      const node = makeNode();
      const starting = node.start();
      const adding = node.addService({ name: "s", path: "s", actions: { ping: () => "pong" } });
      await Promise.all([starting, adding]);
      expect(await node.request("s/ping")).toBe("pong");
      await node.stop();
    }
  });

  it("the last of stop(), start(), stop() decides", async () => {
    const node = makeNode();
    await node.start();
    await Promise.all([node.stop(), node.start(), node.stop()]);
    expect(node.state).toBe("stopped");
    await Promise.all([node.start(), node.stop(), node.start()]);
    expect(node.state).toBe("running");
  });

  it("a service whose init outlasts a stop does not start until the node does", async () => {
    const seen: string[] = [];
    const gate = deferred();
    const node = makeNode();
    await node.start();
    const adding = node.addService(slowService(seen, { init: gate.promise }));
    await node.stop();
    gate.resolve();
    await adding;
    expect(seen).toEqual(["init", "init ended"]);
    await node.start();
    expect(seen.slice(2)).toEqual(["start", "start ended"]);
  });

  it("a start hook that outlasts a stop is followed by its stop hook", async () => {
    const seen: string[] = [];
    const gate = deferred();
    const node = makeNode();
    await node.start();
    const adding = node.addService(slowService(seen, { start: gate.promise }));
    await expect.poll(() => seen).toContain("start");
    const stopping = node.stop();
    gate.resolve();
    await Promise.all([adding, stopping]);
    expect(seen).toEqual(["init", "init ended", "start", "start ended", "stop", "stop ended"]);
  });

  it("a service removed while its start hook runs is stopped after it", async () => {
    const seen: string[] = [];
    const gate = deferred();
    const node = makeNode();
    const adding = node.addService(slowService(seen, { start: gate.promise }));
    await adding;
    const starting = node.start();
    await expect.poll(() => seen).toContain("start");
    const removing = node.removeService("s");
    gate.resolve();
    await Promise.all([starting, removing]);
    expect(seen.slice(2)).toEqual(["start", "start ended", "stop", "stop ended"]);
    expect((await failure(node.request("s/ping"))).code).toBe("ERR_RUNAR_NOT_FOUND");
  });

  it("two removals of a service are one, and leave a later one with its path alone", async () => {
    const seen: string[] = [];
    const gate = deferred();
    const node = makeNode();
    node.addService(slowService(seen, { stop: gate.promise }));
    await node.start();
    const removals = [node.removeService("s"), node.removeService("s")];
    await turn();
    gate.resolve();
    await Promise.all(removals);
    await node.addService({ name: "s", path: "s", actions: { ping: () => "second" } });
    await turn();
    expect(await node.request("s/ping")).toBe("second");
    expect(seen.filter((step) => step === "stop")).toHaveLength(1);
  });

  it("a service added while the node drains is there after the next start", async () => {
    const gate = deferred();
    const node = makeNode();
    node.addService({ name: "w", path: "w", actions: { wait: () => gate.promise } });
    await node.start();
    const waiting = node.request("w/wait");
    const stopping = node.stop();
    const adding = node.addService({
      name: "s",
      path: "s",
      actions: { ping: () => "pong" },
      init: turn,
    });
    gate.resolve();
    await Promise.all([waiting, stopping, adding]);
    await node.start();
    expect(await node.request("s/ping")).toBe("pong");
  });

  it("a service that was paused runs again after a restart", async () => {
    const node = makeNode();
    node.addService({ name: "s", path: "s", actions: { ping: () => "pong" } });
    await node.start();
    await node.request("$registry/services/s/pause");
    await node.stop();
    await node.start();
    expect(await node.request("s/ping")).toBe("pong");
  });
});

describe.each(lanes)("calls that end early on the %s lane", (localCalls: Lane) => {
  async function start(actions: Record<string, (...args: never[]) => unknown>) {
    const node = makeNode({ localCalls });
    node.addService({ name: "s", path: "s", actions });
    await node.start();
    return node;
  }

  it("a call made when another with the same timeout expires has a deadline of its own", async () => {
    const node = await start({
      never: () => new Promise(() => undefined),
      async outer(ctx: Context) {
        await ctx.request("s/never", [], { timeoutMs: 30 });
      },
    });
    const late = deferred<unknown>();
    const first = node.request("s/outer", [], { timeoutMs: 30 });
    first.catch(() => late.resolve(failure(node.request("s/never", [], { timeoutMs: 30 }))));
    await failure(first);
    expect(await late.promise).toMatchObject({ code: "ERR_RUNAR_TIMEOUT" });
  });

  it("an abort while the handler runs synchronously rejects the call", async () => {
    const controller = new AbortController();
    const node = await start({
      async act() {
        controller.abort(new Error("at once"));
        return "finished";
      },
    });
    const call = node.request("s/act", [], { signal: controller.signal });
    await expect(call).rejects.toThrow("at once");
  });

  it("a handler that was aborted can make no more calls", async () => {
    let calls = 0;
    const tried = deferred<unknown>();
    const node = await start({
      count: () => ++calls,
      async outer(ctx: Context) {
        await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
        tried.resolve(await ctx.request("s/count").catch((error) => error));
      },
    });
    const error = await failure(node.request("s/outer", [], { timeoutMs: 20 }));
    expect(await tried.promise).toBe(error);
    expect(calls).toBe(0);
  });

  it("a signal that is none is refused, and nothing runs", async () => {
    let calls = 0;
    const node = await start({ count: async () => ++calls });
    const error = await failure(node.request("s/count", [], { signal: {} as AbortSignal }));
    expect(error.message).toBe("options.signal: expected an AbortSignal, got an object");
    expect(calls).toBe(0);
  });

  it("leave nothing behind in the isolate", async () => {
    const here = isolate();
    const node = await start({ never: () => new Promise(() => undefined) });
    await addRustService(node);
    const calls = Array.from({ length: 20 }, (_, index) =>
      failure(
        index % 2 === 0
          ? node.request("s/never", [], { timeoutMs: 20 })
          : node.request("fixture/relay", ["s/never", []], { timeoutMs: 20 }),
      ),
    );
    await Promise.all(calls);
    await node.stop({ drainMs: 0 });
    await expect.poll(() => [here.calls.size, here.invocations.size]).toEqual([0, 0]);
  });

  it("a service that is not running refuses calls through Rust too", async () => {
    const [gate, entered] = [deferred(), deferred()];
    const node = await start({});
    await addRustService(node);
    const adding = node.addService({
      name: "late",
      path: "late",
      actions: { ping: () => "pong" },
      start() {
        entered.resolve();
        return gate.promise;
      },
    });
    await entered.promise;
    for (const relay of ["relay", "relay_spawned"]) {
      const error = await failure(node.request(`fixture/${relay}`, ["late/ping", []]));
      expect(error.code).toBe("ERR_RUNAR_SERVICE_NOT_RUNNING");
    }
    gate.resolve();
    await adding;
    expect(await node.request("fixture/relay", ["late/ping", []])).toBe("pong");
  });

  it("an error that several callers share keeps its own stack", async () => {
    const reason = Object.freeze(new Error("shared"));
    const controller = new AbortController();
    const node = await start({ never: () => new Promise(() => undefined) });
    const call = node.request("s/never", [], { signal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });
});

describe("odd uses", () => {
  it("printing or serialising a client calls no action", async () => {
    const node = makeNode();
    await node.start();
    const client = node.client<{ actions: { ping: () => string } }>("s");
    expect(JSON.stringify({ client })).toBe('{"client":{}}');
  });

  it("a getter in a payload that makes a call is refused, and the next call is answered", async () => {
    const node = makeNode({ localCalls: "native" });
    node.addService({ name: "s", path: "s", actions: { echo: (value: unknown) => value } });
    await node.start();
    const payload = {
      get nested() {
        node.request("s/echo", [1]).catch(() => undefined);
        return 1;
      },
    };
    await failure(node.request("s/echo", payload)).catch(() => undefined);
    expect(await node.request("s/echo", [7])).toBe(7);
  });

  it("an async function as a sink may fail, and harms nobody", async () => {
    const ended = await runProgram(
      `const node = new Node({}, { logger: async () => { throw new Error("disk full"); } });
       node.logger.info("x"); await new Promise(setImmediate); console.log("alive");`,
    );
    expect(ended).toMatchObject({ code: 0, stdout: "alive\n" });
    expect(ended.stderr).toBe("runar-ts: a log sink failed; its records are lost: disk full\n");
  });

  it("a sink that logs does not keep the event loop from turning", async () => {
    const ended = await runProgram(
      `let node; node = new Node({}, { logger: () => node.logger.info("again") });
       node.logger.info("x"); setTimeout(() => { console.log("turned"); process.exit(0); }, 5);`,
    );
    expect(ended).toMatchObject({ code: 0, stdout: "turned\n" });
  });

  it("fields that JSON cannot hold are written all the same", async () => {
    const ended = await runProgram(
      `const node = new Node({});
       const circle = {}; circle.self = circle;
       node.logger.info("one", { big: 1n }); node.logger.info("two", { circle }); node.logger.info("three");`,
    );
    expect(
      ended.stderr
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).message),
    ).toEqual(["one", "two", "three"]);
  });

  it("what is logged while the process exits is delivered", async () => {
    const ended = await runProgram(
      `const node = new Node({}, { logger: (record) => console.log(record.message) });
       process.on("exit", () => node.logger.info("goodbye")); process.exit(0);`,
    );
    expect(ended.stdout).toBe("goodbye\n");
  });

  it("records find their node whatever its name is", async () => {
    const node = makeNode({}, { node_id: "a]b [c#1", logging_config: { default_level: "info" } });
    await node.start();
    await delivered(node);
    expect(node.records.length).toBeGreaterThan(5);
    expect(new Set(node.records.map((record) => record.label))).toEqual(new Set(["a]b [c#1"]));
  });
});
