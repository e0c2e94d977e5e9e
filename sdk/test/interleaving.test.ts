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

/** A service that records its hooks and waits in them for gates. */
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

describe("start, stop, add and remove in any order", () => {
  it("starts a service that is added in the same turn as start()", async () => {
    for (let round = 0; round < 50; round++) {
      const node = makeNode();
      const starting = node.start();
      const adding = node.addService({ name: "s", path: "s", actions: { ping: () => "pong" } });
      await Promise.all([starting, adding]);
      expect(await node.request("s/ping")).toBe("pong");
      await node.stop();
    }
  });

  it("obeys the last of stop(), start(), stop()", async () => {
    const node = makeNode();
    await node.start();
    await Promise.all([node.stop(), node.start(), node.stop()]);
    expect(node.state).toBe("stopped");
    await Promise.all([node.start(), node.stop(), node.start()]);
    expect(node.state).toBe("running");
  });

  it("does not start a service whose init outlasts a stop before the next start", async () => {
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

  it("runs the stop hook after a start hook that outlasts a stop", async () => {
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

  it("stops a service that is removed during its start hook afterwards", async () => {
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

  it("treats concurrent removals as one and keeps a later service of the path", async () => {
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

  it("starts a service that is added during the drain at the next start", async () => {
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

  it("resumes a paused service after a restart", async () => {
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

  it("a call made when another with the same timeout expires has its own deadline", async () => {
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

  it("an abort during the synchronous part of the handler rejects the call", async () => {
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

  it("an aborted handler cannot make further calls", async () => {
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

  it("an invalid signal is refused before the handler runs", async () => {
    let calls = 0;
    const node = await start({ count: async () => ++calls });
    const error = await failure(node.request("s/count", [], { signal: {} as AbortSignal }));
    expect(error.message).toBe("options.signal: expected an AbortSignal, got an object");
    expect(calls).toBe(0);
  });

  it("leave no state in the isolate", async () => {
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

  it("a service that is not running also refuses calls from Rust", async () => {
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

  it("an error shared by several callers keeps its stack", async () => {
    const reason = Object.freeze(new Error("shared"));
    const controller = new AbortController();
    const node = await start({ never: () => new Promise(() => undefined) });
    const call = node.request("s/never", [], { signal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });
});

describe("edge cases", () => {
  it("printing or serialising a client calls no action", async () => {
    const node = makeNode();
    await node.start();
    const client = node.client<{ actions: { ping: () => string } }>("s");
    expect(JSON.stringify({ client })).toBe('{"client":{}}');
  });

  it("a payload getter that makes a call is refused, and the next call succeeds", async () => {
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

  it("a failing async function as a sink does not affect calls", async () => {
    const ended = await runProgram(
      `const node = new Node({}, { logger: async () => { throw new Error("disk full"); } });
       node.logger.info("x"); await new Promise(setImmediate); console.log("alive");`,
    );
    expect(ended).toMatchObject({ code: 0, stdout: "alive\n" });
    expect(ended.stderr).toBe("runar-ts: a log sink failed; its records are lost: disk full\n");
  });

  it("a sink that logs does not block the event loop", async () => {
    const ended = await runProgram(
      `let node; node = new Node({}, { logger: () => node.logger.info("again") });
       node.logger.info("x"); setTimeout(() => { console.log("turned"); process.exit(0); }, 5);`,
    );
    expect(ended).toMatchObject({ code: 0, stdout: "turned\n" });
  });

  it("fields that JSON cannot represent are written", async () => {
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

  it("records written during process exit are delivered", async () => {
    const ended = await runProgram(
      `const node = new Node({}, { logger: (record) => console.log(record.message) });
       process.on("exit", () => node.logger.info("goodbye")); process.exit(0);`,
    );
    expect(ended.stdout).toBe("goodbye\n");
  });

  it("records reach their node whatever its name is", async () => {
    const node = makeNode({}, { node_id: "a]b [c#1", logging_config: { default_level: "info" } });
    await node.start();
    await delivered(node);
    expect(node.records.length).toBeGreaterThan(5);
    expect(new Set(node.records.map((record) => record.label))).toEqual(new Set(["a]b [c#1"]));
  });
});
