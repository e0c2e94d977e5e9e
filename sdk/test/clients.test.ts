import { inspect, isDeepStrictEqual } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { defineService, Node } from "../src/index.js";

const math = defineService({
  name: "math",
  path: "math",
  actions: {
    add: (a: number, b: number) => a + b,
    "stats/mean": (all: number[]) => all.reduce((sum, next) => sum + next, 0) / all.length,
    "items/{id}": (id: string) => id,
    inspect: () => "an action that anything may ask for",
    // biome-ignore lint/suspicious/noThenProperty: a client of it must not become a thenable.
    then: () => "never a thenable",
  },
});

const nodes: Node[] = [];
afterEach(() => Promise.all(nodes.splice(0).map((node) => node.stop())));

async function clients() {
  const node = new Node({});
  nodes.push(node);
  node.addService(math);
  await node.start();
  return { node, byPath: node.client<typeof math>("math"), byDefinition: node.client(math) };
}

describe.each(["byPath", "byDefinition"] as const)("a client %s", (form) => {
  const client = async () => (await clients())[form];

  it("calls actions, including those of several parts", async () => {
    const one = await client();
    expect(await one.add(2, 3)).toBe(5);
    expect(await one["stats/mean"]([1, 2, 3])).toBe(2);
    expect(await one.add.with({ timeoutMs: 1_000 })(20, 22)).toBe(42);
  });

  it("makes no call when it is awaited, printed, compared or copied", async () => {
    const { node, [form]: one } = await clients();
    const request = vi.spyOn(node, "request");
    expect(await (async () => one)()).toBe(one);
    expect(inspect(one, { showHidden: true, depth: 4, getters: true })).toBeTypeOf("string");
    expect(`${JSON.stringify(one)}`).toBe("{}");
    expect(one).toEqual(one);
    expect({ one }).not.toEqual({ one: 5 });
    expect(isDeepStrictEqual(one, one)).toBe(true);
    expect({ ...one }).toBeTypeOf("object");
    expect(request).not.toHaveBeenCalled();
  });

  it.each([
    "then",
    "toJSON",
    "constructor",
    "onModuleInit",
    "onApplicationShutdown",
    "hasAttribute",
    "asymmetricMatch",
    "$$typeof",
    "@@__IMMUTABLE_ITERABLE__@@",
    "items/{id}",
    "",
  ])("has no property %j", async (name) => {
    expect(Reflect.get(await client(), name)).toBeUndefined();
  });

  it("allows tests to replace its methods", async () => {
    const one = await client();
    const add = vi.spyOn(one, "add").mockResolvedValue(7);
    expect(await one.add(1, 1)).toBe(7);
    add.mockRestore();
    expect(await one.add(1, 1)).toBe(2);
  });
});

it("a client made from a definition lists its methods", async () => {
  const { byDefinition } = await clients();
  expect(Object.keys(byDefinition)).toEqual(["add", "stats/mean"]);
  expect(Reflect.get(byDefinition, "unknown")).toBeUndefined();
});

it("the type of a client excludes actions that are called by path", async () => {
  const { node, byPath } = await clients();
  // @ts-expect-error: printing and inspecting ask for this name.
  expect(byPath.inspect).toBeUndefined();
  expect(await node.request("math/inspect")).toBe("an action that anything may ask for");
  expect(await node.request("math/items/7", "seven")).toBe("seven");
});

it("a handler can make clients in both forms", async () => {
  const { node } = await clients();
  await node.addService({
    name: "caller",
    path: "caller",
    actions: {
      sum: async (ctx: import("../src/index.js").Context) =>
        (await ctx.client(math).add(1, 2)) + (await ctx.client<typeof math>("math").add(3, 4)),
    },
  });
  expect(await node.request("caller/sum")).toBe(10);
});
