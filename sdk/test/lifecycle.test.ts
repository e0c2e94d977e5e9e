import { createSocket } from "node:dgram";
import { hello, type LifecycleContext, type Node } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { deferred, failure, lanes, makeNode, stopNodes, thrown } from "./support.js";

afterEach(stopNodes);

/** A free local UDP port. */
function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** Whether a local UDP port is free. */
function bindUdp(port: number): Promise<string> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    socket.once("error", (error) => resolve((error as NodeJS.ErrnoException).code ?? "error"));
    socket.bind(port, "127.0.0.1", () => socket.close(() => resolve("bound")));
  });
}

const math = () => ({
  name: "math-service",
  path: "math",
  actions: { add: (a: number, b: number) => a + b },
});

describe("the lifecycle of a node", () => {
  it("hello() names the addon and the core", () => {
    expect(hello()).toMatch(/^runar-ts-ffi 0\.1\.0 with runar_node 0\.1\.0$/);
  });

  it("changes state from created over running to stopped", async () => {
    const node = makeNode();
    expect(node.state).toBe("created");
    expect(node.id).toBeUndefined();
    const starting = node.start();
    expect(node.state).toBe("starting");
    await starting;
    expect(node.state).toBe("running");
    expect(node.id).toMatch(/^[a-z0-9]{26}$/);
    await node.stop();
    expect(node.state).toBe("stopped");
  });

  it("keeps its id across a restart", async () => {
    const node = makeNode();
    await node.addService(math());
    await node.start();
    const { id } = node;
    await node.stop();
    await node.start();
    expect(node.id).toBe(id);
    expect(await node.request("math/add", [2, 3])).toBe(5);
  });

  it("binds its port again on a restart", async () => {
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const node = makeNode({}, { network_config: { transport_options: { bind_address: address } } });
    await node.start();
    await node.stop();
    // The socket is closed soon after the stop.
    await expect.poll(() => bindUdp(port)).toBe("bound");
    await node.start();
    expect(await bindUdp(port)).toBe("EADDRINUSE");
  });

  it("names a port in use when it fails to start, and can start later", async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const config = { network_config: { transport_options: { bind_address: address } } };
    const first = makeNode({}, config);
    await first.start();
    const second = makeNode({}, config);
    const error = await failure(second.start());
    expect(error.code).toBe("ERR_RUNAR_LISTEN");
    expect(second.state).toBe("stopped");
    await first.stop();
    await second.start();
    expect(second.state).toBe("running");
  });

  it("start() on a running node and stop() on a stopped one have no effect", async () => {
    const node = makeNode();
    await node.stop();
    expect(node.state).toBe("created");
    await Promise.all([node.start(), node.start()]);
    await node.start();
    await Promise.all([node.stop(), node.stop()]);
    await node.stop();
    expect(node.state).toBe("stopped");
  });

  it("stop() waits for a pending start(), and start() for a pending stop()", async () => {
    const node = makeNode();
    const starting = node.start();
    const stopping = node.stop();
    const again = node.start();
    await Promise.all([starting, stopping, again]);
    expect(node.state).toBe("running");
  });

  it("`await using` stops it at the end of the block", async () => {
    let kept: Node;
    {
      await using node = makeNode();
      kept = node;
      await node.start();
    }
    expect(kept.state).toBe("stopped");
  });

  it("isolates two nodes of one process", async () => {
    const [a, b] = [makeNode(), makeNode()];
    await a.addService(math());
    await b.addService({ ...math(), actions: { add: () => "b" } });
    await Promise.all([a.start(), b.start()]);
    expect(a.id).not.toBe(b.id);
    expect(await a.request("math/add", [2, 3])).toBe(5);
    await a.stop();
    expect(await b.request("math/add")).toBe("b");
  });
});

describe.each(lanes)("services on the %s lane", (localCalls) => {
  it("refuse a request before the node has started", async () => {
    const node = makeNode({ localCalls });
    await node.addService(math());
    const error = await failure(node.request("math/add", [2, 3]));
    expect(error).toMatchObject({ name: "LifecycleError", code: "ERR_RUNAR_NOT_STARTED" });
    expect(error.message).toBe("math/add: the node has not been started");
  });

  it("refuse a request after the node has stopped", async () => {
    const node = makeNode({ localCalls });
    await node.addService(math());
    await node.start();
    await node.stop();
    const error = await failure(node.request("math/add", [2, 3]));
    expect(error).toMatchObject({ name: "LifecycleError", code: "ERR_RUNAR_STOPPED" });
  });

  it("can be added before start() without await, and after it", async () => {
    const node = makeNode({ localCalls });
    node.addService(math());
    await node.start();
    await node.addService({ name: "late", path: "late", actions: { ping: () => "pong" } });
    expect(await node.request("math/add", [2, 3])).toBe(5);
    expect(await node.request("late/ping")).toBe("pong");
  });

  it("disappear on removal, and their path is free again", async () => {
    const node = makeNode({ localCalls });
    await node.addService(math());
    await node.start();
    await node.removeService("math");
    const error = await failure(node.request("math/add", [2, 3]));
    expect(error).toMatchObject({ name: "NotFoundError", code: "ERR_RUNAR_NOT_FOUND" });
    await node.addService({
      name: "math-2",
      path: "math",
      actions: { add: (_a: number, _b: number) => "second", sub: (a: number, b: number) => a - b },
    });
    expect(await node.request("math/add", [2, 3])).toBe("second");
    expect(await node.request("math/sub", [2, 3])).toBe(-1);
  });

  it("work after a restart that follows a removal", async () => {
    const node = makeNode({ localCalls });
    await node.addService(math());
    await node.start();
    await node.removeService("math");
    await node.addService(math());
    await node.stop();
    await node.start();
    expect(await node.request("math/add", [2, 3])).toBe(5);
  });

  it("cannot be removed when they were not added", async () => {
    const error = await failure(makeNode({ localCalls }).removeService("nope"));
    expect(error).toMatchObject({ name: "NotFoundError", code: "ERR_RUNAR_NOT_FOUND" });
  });

  it("are refused when their path is taken", async () => {
    const node = makeNode({ localCalls });
    await node.addService(math());
    const error = thrown(() => node.addService({ ...math(), actions: { add: () => 0 } }));
    expect(error).toMatchObject({
      name: "ServiceDefinitionError",
      code: "ERR_RUNAR_DUPLICATE_SERVICE",
    });
    await node.start();
    expect(await node.request("math/add", [2, 3])).toBe(5);
  });

  it.each(["$registry", "a/b", "a:b", "*", ">", "a b", "", "\0", "{id}", "-a", "é".repeat(200)])(
    "are refused when their path is %j",
    (path) => {
      const error = thrown(() => makeNode({ localCalls }).addService({ ...math(), path }));
      expect(error.code).toBe("ERR_RUNAR_SERVICE_DEFINITION");
      expect(error.message).toMatch(/^service\.path: /);
    },
  );

  it("can have paths in any script", async () => {
    const node = makeNode({ localCalls });
    await node.addService({ name: "数学", path: "数学", actions: { 加: (a: number) => a + 1 } });
    await node.start();
    expect(await node.request("数学/加", [1])).toBe(2);
  });

  it("refuse calls while paused through $registry", async () => {
    const node = makeNode({ localCalls });
    await node.addService(math());
    await node.start();
    expect(await node.request("$registry/services/math/pause")).toBe("Paused");
    const error = await failure(node.request("math/add", [2, 3]));
    expect(error).toMatchObject({ code: "ERR_RUNAR_SERVICE_NOT_RUNNING", retryable: true });
    expect(await node.request("$registry/services/math/resume")).toBe("Running");
    expect(await node.request("math/add", [2, 3])).toBe(5);
  });

  it("are listed by $registry with their actions", async () => {
    const node = makeNode({ localCalls });
    await node.addService({ ...math(), version: "2.1.0", description: "adds" });
    await node.start();
    const list =
      await node.request<{ service_path: string; actions: { name: string }[] }[]>(
        "$registry/services/list",
      );
    expect(list.find((service) => service.service_path === "math")).toMatchObject({
      name: "math-service",
      version: "2.1.0",
      description: "adds",
      actions: [{ name: "add" }],
    });
  });
});

describe("service hooks", () => {
  it("run init when added, start in order and stop in reverse order", async () => {
    const seen: string[] = [];
    const service = (path: string) => ({
      name: path,
      path,
      actions: {},
      init: async () => void seen.push(`init ${path}`),
      start: async () => void seen.push(`start ${path}`),
      stop: async () => void seen.push(`stop ${path}`),
    });
    const node = makeNode();
    await node.addService(service("a"));
    await node.addService(service("b"));
    expect(seen).toEqual(["init a", "init b"]);
    await node.start();
    await node.addService(service("c"));
    await node.stop();
    expect(seen.slice(2)).toEqual([
      "start a",
      "start b",
      "init c",
      "start c",
      "stop c",
      "stop b",
      "stop a",
    ]);
  });

  it("get a context with a logger, the node, a signal and request()", async () => {
    const node = makeNode();
    await node.addService({ name: "a", path: "a", actions: { one: () => 1 } });
    await node.addService({
      name: "b",
      path: "b",
      actions: {},
      async start(ctx: LifecycleContext) {
        expect(ctx.node).toBe(node);
        expect(ctx.signal.aborted).toBe(false);
        ctx.logger.info(`a/one is ${await ctx.request("a/one")}`);
      },
    });
    await node.start();
    expect(node.records.map((record) => [record.service, record.message])).toEqual([
      ["b", "a/one is 1"],
    ]);
  });

  it("an init failure rejects addService() and then start()", async () => {
    const node = makeNode();
    const cause = new Error("no database");
    const added = node.addService({
      name: "a",
      path: "a",
      actions: {},
      init: () => {
        throw cause;
      },
    });
    const error = await failure(added);
    expect(error).toMatchObject({ code: "ERR_RUNAR_INIT_FAILED", cause });
    expect(error.message).toBe("a: the init hook failed: no database");
    expect((await failure(node.start())).code).toBe("ERR_RUNAR_INIT_FAILED");
    await node.removeService("a");
    await node.start();
    expect(node.state).toBe("running");
  });

  it("an init failure that is not awaited causes no unhandled rejection", async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", listener);
    const node = makeNode();
    node.addService({ name: "a", path: "a", actions: {}, init: () => Promise.reject("no") });
    expect((await failure(node.start())).code).toBe("ERR_RUNAR_INIT_FAILED");
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", listener);
    expect(unhandled).toEqual([]);
  });

  it("a start failure rolls back, rejects start() and allows another start", async () => {
    const seen: string[] = [];
    let broken = true;
    const node = makeNode();
    await node.addService({
      name: "a",
      path: "a",
      actions: {},
      stop: () => void seen.push("stop a"),
    });
    await node.addService({
      name: "b",
      path: "b",
      actions: {},
      start() {
        if (broken) throw new TypeError("not yet");
      },
      stop: () => void seen.push("stop b"),
    });
    const error = await failure(node.start());
    expect(error).toMatchObject({ name: "LifecycleError", code: "ERR_RUNAR_START_FAILED" });
    expect(error.cause).toBeInstanceOf(TypeError);
    expect(error.details).toEqual({ service: "b", hook: "start" });
    expect(seen).toEqual(["stop a"]);
    expect(node.state).toBe("stopped");
    broken = false;
    await node.start();
    expect(node.state).toBe("running");
  });

  it("a hanging start hook ends at the request timeout", async () => {
    const node = makeNode({ requestTimeoutMs: 50 });
    await node.addService({
      name: "a",
      path: "a",
      actions: {},
      start: () => new Promise(() => undefined),
    });
    const error = await failure(node.start());
    expect(error.code).toBe("ERR_RUNAR_START_FAILED");
    expect(error.cause).toMatchObject({ code: "ERR_RUNAR_TIMEOUT" });
  });

  it("a start failure of a late service rejects addService() and keeps the node running", async () => {
    const node = makeNode();
    await node.start();
    const service = {
      name: "a",
      path: "a",
      actions: {},
      start: () => Promise.reject(new Error("x")),
    };
    expect((await failure(node.addService(service))).code).toBe("ERR_RUNAR_START_FAILED");
    expect(node.state).toBe("running");
    await node.addService({ name: "a", path: "a", actions: { ping: () => 1 } });
    expect(await node.request("a/ping")).toBe(1);
  });

  it("a stop failure rejects stop() after everything has stopped", async () => {
    const seen: string[] = [];
    const node = makeNode();
    await node.addService({ name: "a", path: "a", actions: {}, stop: () => void seen.push("a") });
    await node.addService({
      name: "b",
      path: "b",
      actions: {},
      stop() {
        throw new Error("stuck");
      },
    });
    await node.start();
    const error = await failure(node.stop());
    expect(error).toMatchObject({ code: "ERR_RUNAR_STOP_FAILED" });
    expect(seen).toEqual(["a"]);
    expect(node.state).toBe("stopped");
  });
});

describe.each(lanes)("stop() on the %s lane", (localCalls) => {
  it("lets running calls finish and refuses new ones", async () => {
    const gate = deferred();
    const node = makeNode({ localCalls });
    await node.addService({
      name: "a",
      path: "a",
      actions: { wait: () => gate.promise.then(() => "done"), ping: () => 1 },
    });
    await node.start();
    const running = node.request("a/wait");
    const stopping = node.stop();
    expect(node.state).toBe("draining");
    expect((await failure(node.request("a/ping"))).code).toBe("ERR_RUNAR_STOPPED");
    gate.resolve();
    expect(await running).toBe("done");
    await stopping;
  });

  it("lets running calls make nested calls during the drain", async () => {
    const gate = deferred();
    const node = makeNode({ localCalls });
    await node.addService({
      name: "a",
      path: "a",
      actions: {
        async outer(ctx: import("runar-ts").Context) {
          await gate.promise;
          return ctx.request("a/inner");
        },
        inner: () => "inner",
      },
    });
    await node.start();
    const running = node.request("a/outer");
    const stopping = node.stop();
    gate.resolve();
    expect(await running).toBe("inner");
    await stopping;
  });

  it("ends calls that outlast drainMs with the same reason for the caller and ctx.signal", async () => {
    const node = makeNode({ localCalls });
    const aborted = deferred<unknown>();
    const entered = deferred();
    await node.addService({
      name: "a",
      path: "a",
      actions: {
        hang(ctx: import("runar-ts").Context) {
          ctx.signal.addEventListener("abort", () => aborted.resolve(ctx.signal.reason));
          entered.resolve();
          return new Promise(() => undefined);
        },
      },
    });
    await node.start();
    const hanging = failure(node.request("a/hang"));
    await entered.promise;
    await node.stop({ drainMs: 20 });
    expect((await hanging).code).toBe("ERR_RUNAR_STOPPED");
    expect(await aborted.promise).toBe(await hanging);
  });

  it("can be called from a handler, whose signal then aborts", async () => {
    const node = makeNode({ localCalls });
    await node.addService({
      name: "a",
      path: "a",
      actions: {
        async quit(ctx: import("runar-ts").Context) {
          await ctx.node.stop({ drainMs: 50 });
        },
      },
    });
    await node.start();
    expect((await failure(node.request("a/quit"))).code).toBe("ERR_RUNAR_STOPPED");
    await node.stop();
    expect(node.state).toBe("stopped");
  });

  it("refuses unknown options", () => {
    const node = makeNode({ localCalls });
    // @ts-expect-error: the key is misspelt
    const error = thrown(() => node.stop({ drainMS: 5 }));
    expect(error.message).toBe("options.drainMS: unknown key, did you mean drainMs?");
  });
});
