import { ActionError, type Context, PanicError } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { fixtures, settle } from "../../ci/fixtures.mjs";
import { isolate } from "../dist/bridge/isolate.js";
import { callNative, native } from "../dist/native/binding.js";
import { addRustService, failure, lanes, makeNode, stopNodes, thrown } from "./support.js";

afterEach(stopNodes);

describe("the guard", () => {
  it("turns a panic in an export into a PanicError", () => {
    const error = thrown(() => callNative(() => fixtures.fixturePanic()));
    expect(error).toBeInstanceOf(PanicError);
    expect(error.message).toBe("Rust code panicked: planted in an export");
  });

  it("turns a panic in a polled future into a PanicError of that call only", async () => {
    const node = makeNode({ localCalls: "native" });
    await node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
    await node.start();
    const here = isolate();
    const panicking = settle((call) => fixtures.fixturePanicWhenPolled(here.id, call));
    const other = node.request("a/ping");
    expect((await failure(panicking)).message).toBe(
      "Rust code panicked: planted in a polled future",
    );
    expect(await other).toBe("pong");
  });

  it("ends every pending call with the error of a failed exchange, and continues", async () => {
    const node = makeNode({ localCalls: "native" });
    await node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
    await node.start();
    // A real exchange cannot be made to fail, so it is replaced temporarily.
    const { exchange } = native;
    native.exchange = () => {
      throw new Error(JSON.stringify({ code: "ERR_RUNAR_PANIC", message: "planted" }));
    };
    const error = failure(node.request("a/ping"));
    await null;
    await null;
    native.exchange = exchange;
    expect(await error).toBeInstanceOf(PanicError);
    expect(await node.request("a/ping")).toBe("pong");
  });

  it("refuses unknown handles and invalid buffers", () => {
    const here = isolate();
    const buffer = new Uint8Array(64);
    expect(thrown(() => callNative(() => native.nodeStart(999_999, 1))).code).toBe(
      "ERR_RUNAR_STOPPED",
    );
    for (const [length, output] of [
      [65, new Uint8Array(64)],
      [0, buffer],
    ] as const) {
      const error = thrown(() =>
        callNative(() => native.exchange(here.id, buffer, length, output)),
      );
      expect(error.code).toBe("ERR_RUNAR_VALUE");
    }
  });

  it("survives every truncation and every flipped byte of a message", async () => {
    const here = isolate();
    const output = new Uint8Array(1 << 16);
    const message = new Uint8Array([
      30, 0, 0, 0, 2, 1, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 97, 47, 98, 11, 2, 0, 0, 0, 4, 1, 0, 0, 0,
      6, 1, 0, 0,
    ]);
    for (let cut = 0; cut <= message.length; cut++) {
      for (const value of [0, 1, 12, 127, 128, 255]) {
        const bytes = message.slice();
        if (cut < bytes.length) bytes[cut] = value;
        try {
          native.exchange(here.id, bytes, cut, output);
          native.exchange(here.id, bytes, bytes.length, output);
        } catch (error) {
          expect((error as Error).message).toContain("ERR_RUNAR_");
        }
      }
    }
    const node = makeNode();
    await node.start();
    expect(node.state).toBe("running");
  });
});

describe.each(lanes)("a Rust service on the %s lane", (localCalls) => {
  async function startNode() {
    const node = makeNode({ localCalls });
    await node.addService({
      name: "math",
      path: "math",
      actions: {
        add: (a: number, b: number) => a + b,
        echo: (value: unknown) => value,
        throws: () => {
          throw new TypeError("no");
        },
        typed: (ctx: Context) => ctx.request("math/nope"),
        late: async (ms: number) => {
          await new Promise((resolve) => setTimeout(resolve, ms));
          return "late";
        },
      },
    });
    await node.start();
    await addRustService(node);
    return node;
  }

  it("answers a call from TypeScript", async () => {
    const node = await startNode();
    expect(await node.request("fixture/add", [2, 3])).toBe(5);
    expect(await node.request("fixture/echo", { b: [1, "x", null], a: 2 })).toEqual({
      a: 2,
      b: [1, "x", null],
    });
  });

  it("calls a TypeScript action for itself or for a caller", async () => {
    const node = await startNode();
    for (const relay of ["relay", "relay_spawned"]) {
      expect(await node.request(`fixture/${relay}`, ["math/add", [20, 22]])).toBe(42);
      expect(await node.request(`fixture/${relay}`, ["math/late", [5]])).toBe("late");
    }
  });

  it("forwards the error of a TypeScript action with code and cause", async () => {
    const node = await startNode();
    for (const relay of ["relay", "relay_spawned"]) {
      const error = await failure(node.request(`fixture/${relay}`, ["math/throws", []]));
      expect(error).toBeInstanceOf(ActionError);
      expect(error.message).toBe("math/throws: no");
      expect((error.cause as Error).name).toBe("TypeError");
      const typed = await failure(node.request(`fixture/${relay}`, ["math/typed", []]));
      expect(typed.code).toBe("ERR_RUNAR_NOT_FOUND");
    }
  });

  it("causes an ActionError on failure and a PanicError on panic, and the node continues", async () => {
    const node = await startNode();
    const error = await failure(node.request("fixture/fail"));
    expect(error).toMatchObject({ code: "ERR_RUNAR_ACTION", message: "the fixture failed" });
    const panic = await failure(node.request("fixture/panic"));
    expect(panic).toMatchObject({ code: "ERR_RUNAR_PANIC" });
    expect(await node.request("math/add", [2, 3])).toBe(5);
  });

  it("does not block TypeScript while it blocks", async () => {
    const node = await startNode();
    const order: string[] = [];
    const blocking = node.request("fixture/block", 300).then(() => order.push("rust"));
    expect(await node.request("math/add", [2, 3])).toBe(5);
    order.push("typescript");
    await blocking;
    expect(order).toEqual(["typescript", "rust"]);
  });

  it("causes a TimeoutError when it is late, and the node continues", async () => {
    const node = await startNode();
    const error = await failure(node.request("fixture/block", 200, { timeoutMs: 20 }));
    expect(error.code).toBe("ERR_RUNAR_TIMEOUT");
    expect(await node.request("fixture/add", [1, 1])).toBe(2);
  });

  it("leaves no state in the addon", async () => {
    const node = await startNode();
    await node.request("fixture/relay", ["math/add", [20, 22]]);
    await failure(node.request("fixture/relay", ["math/throws", []]));
    await node.stop();
    const { tasks, invocations } = JSON.parse(native.liveCounts(isolate().id));
    expect({ tasks, invocations }).toEqual({ tasks: 0, invocations: 0 });
  });
});
