import { ActionError, json, PanicError } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { addRustService, failure, makeNode, stopNodes } from "./support.js";

afterEach(stopNodes);

async function startNode() {
  const node = makeNode();
  await node.start();
  await addRustService(node);
  return node;
}

const item = { id: 7, name: "Moby-Dick", price: 12.5, note: null };

describe("an action made by upstream's macros takes and returns", () => {
  it.each<[string, unknown]>([
    ["i8", -128],
    ["i16", 32767],
    ["i32", -(2 ** 31)],
    ["i64", 2 ** 53 - 1],
    ["i64", -(2n ** 63n)],
    ["u8", 255],
    ["u16", 65535],
    ["u32", 2 ** 32 - 1],
    ["u64", 2n ** 64n - 1n],
    ["f32", 0.5],
    ["f64", 0.1],
    ["f64", 3],
    ["f64", Number.NaN],
    ["f64", Number.POSITIVE_INFINITY],
    ["bool", true],
    ["char", "ß"],
    ["string", "grüße"],
    ["bytes", new Uint8Array([0, 255])],
    ["bytes", new Uint8Array(100_000).fill(1)],
    ["integers", [1, -2, 3]],
    ["floats", [1, 2.5]],
    ["floats", [1, Number.NaN]],
    ["strings", ["a", "b"]],
    ["rows", [[1, 2], [], [3.5]]],
    ["values", [1, "a", [true]]],
    ["records", [{ a: "1" }, {}]],
    ["counts", { a: 1, b: -2 }],
    ["weights", { a: 0.5, b: 2 }],
    ["item", item],
    ["items", [item, { ...item, note: "n" }]],
  ])("%s: %o", async (action, value) => {
    const node = await startNode();
    expect(await node.request(`echo/${action}`, { value })).toEqual(value);
  });

  it.each<[string, unknown]>([
    ["i128", 12],
    ["u128", 12],
  ])("%s, as digits", async (action, value) => {
    const node = await startNode();
    expect(await node.request(`echo/${action}`, { value })).toBe(String(value));
  });

  it("bytes inside a parameter, as an array of numbers", async () => {
    const node = await startNode();
    const value = { a: [1, 255] };
    const arrived = { a: new Uint8Array([1, 255]) };
    expect(await node.request("echo/files", { value })).toEqual(arrived);
  });

  it("the whole object, where the parameter is a map of any values", async () => {
    const node = await startNode();
    const value = { a: 1, b: { c: "x", d: null } };
    expect(await node.request("echo/map", value)).toEqual(value);
  });

  it("NaN inside a map, and values as the handler made them", async () => {
    const node = await startNode();
    expect(await node.request("macros/not_numbers")).toEqual({ a: Number.NaN, b: 0.5 });
    using arc = await node.request("macros/as_it_is", { a: 7 }, { as: "arc" });
    expect(arc.typeName).toBe("i32");
  });

  it("a single parameter, without its name", async () => {
    const node = await startNode();
    expect(await node.request("echo/f64", 2)).toBe(2);
    expect(await node.request("echo/string", "a")).toBe("a");
    expect(await node.request("echo/integers", [1, 2])).toEqual([1, 2]);
    expect(await node.request("echo/bytes", new Uint8Array(2))).toEqual(new Uint8Array(2));
    expect(await node.request("echo/counts", json({ a: 1 }))).toEqual({ a: 1 });
    expect(await node.request("echo/item", json(item))).toEqual(item);
  });

  it("named parameters of every kind", async () => {
    const node = await startNode();
    const order = { item, count: 2, tags: ["new"], stock: { a: 1 }, discount: 0.5 };
    const data = new Uint8Array(20_000);
    expect(await node.request("macros/order", { ...order, data })).toEqual({
      ...order,
      bytes: 20_000,
    });
    expect(await node.request("macros/renamed", { a: 2, b: 1.5 })).toBe(3);
    expect(await node.request("macros/none")).toBe("none");
  });

  it("optional parameters that are given, null, undefined or left out", async () => {
    const node = await startNode();
    for (const [payload, answer] of [
      [{ a: 1, b: "x" }, 'Some(1) Some("x")'],
      [{ a: null, b: "x" }, 'None Some("x")'],
      [{ a: undefined, b: "x" }, 'None Some("x")'],
      [{ b: "x" }, 'None Some("x")'],
      [{}, "None None"],
    ]) {
      expect(await node.request("macros/optional", payload)).toBe(answer);
    }
    expect(await node.request("macros/single_optional", { a: 1 })).toBe("Some(1)");
  });

  it("integers beyond the range of number, as exact bigints", async () => {
    const node = await startNode();
    expect(await node.request("macros/numbers", { from: 2 ** 53 - 2, count: 4 })).toEqual([
      2 ** 53 - 2,
      2 ** 53 - 1,
      2n ** 53n,
      2n ** 53n + 1n,
    ]);
  });
});

describe("an action made by upstream's macros refuses", () => {
  it.each<[string, unknown, RegExp]>([
    ["macros/fail", { message: "out of paper" }, /^out of paper$/],
    ["macros/renamed", { a: 1 }, /Missing required parameter 'b'/],
    ["macros/renamed", { a: 1, b: "x" }, /parameter 'b'.*expected f64/],
    ["macros/renamed", [1, 2], /Expected a map/],
    ["macros/renamed", undefined, /No parameters provided/],
    ["echo/i8", { value: 128 }, /expected i8/],
    ["echo/u32", { value: -1 }, /expected u32/],
    ["echo/i32", { value: 1.5 }, /expected i32/],
    ["echo/item", { value: { id: 1 } }, /missing field `name`/],
  ])("%s %o", async (path, payload, message) => {
    const node = await startNode();
    const error = await failure(node.request(path, payload));
    expect(error).toBeInstanceOf(ActionError);
    expect(error.message).toMatch(message);
  });

  it.each(["unit", "size"])(
    "to return a %s, by an upstream panic that the node survives",
    async (action) => {
      const node = await startNode();
      const error = await failure(node.request(`macros/${action}`));
      expect(error).toBeInstanceOf(PanicError);
      expect(error.message).toContain("Not a primitive");
      expect(await node.request("macros/none")).toBe("none");
    },
  );

  it("to return an Option, by an upstream panic", async () => {
    const node = await startNode();
    for (const some of [true, false]) {
      const error = await failure(node.request("macros/maybe", { a: 1, some }));
      expect(error).toBeInstanceOf(PanicError);
    }
  });
});
