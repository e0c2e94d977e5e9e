import { inspect } from "node:util";
import { ArcValue, json, type Node, ValueError, VMap } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { isolate } from "../dist/bridge/isolate.js";
import { native } from "../dist/native/binding.js";
import { addRustService, failure, lanes, makeNode, stopNodes, thrown } from "./support.js";

afterEach(stopNodes);

async function startNode(localCalls: "direct" | "native" = "direct"): Promise<Node> {
  const node = makeNode({ localCalls });
  await node.addService({
    name: "js",
    path: "js",
    actions: { echo: { params: ["value"], handler: (value: unknown) => value } },
  });
  await node.start();
  await addRustService(node);
  return node;
}

function heldValues(): number {
  isolate().exchange();
  return JSON.parse(native.liveCounts(isolate().id)).values;
}

const item = { id: 7, name: "Moby-Dick", price: 12.5, note: null };

describe("ArcValue.from", () => {
  it.each([
    [5, {}, "json", "serde_json::value::Value"],
    [5, { as: "i32" }, "primitive", "i32"],
    [5, { as: "u32" }, "primitive", "u32"],
    [-5n, { as: "i64" }, "primitive", "i64"],
    [2n ** 64n - 1n, { as: "u64" }, "primitive", "u64"],
    [0.5, { as: "f32" }, "primitive", "f32"],
    [5, { as: "f64" }, "primitive", "f64"],
    [Number.NaN, { as: "f64" }, "primitive", "f64"],
    [true, { as: "bool" }, "primitive", "bool"],
    ["a", { as: "string" }, "primitive", "alloc::string::String"],
    [new Uint8Array(2), { as: "bytes" }, "bytes", "alloc::vec::Vec<u8>"],
    [{ a: 1 }, { as: "json" }, "json", "serde_json::value::Value"],
    [{ a: 1 }, {}, "map", /HashMap<alloc::string::String, .*ArcValue>$/],
    [{ a: 1 }, { as: "map" }, "map", /HashMap<alloc::string::String, .*ArcValue>$/],
    [[1, "a"], { as: "list" }, "list", /Vec<.*ArcValue>$/],
    [null, {}, "json", "serde_json::value::Value"],
    [undefined, {}, "null", undefined],
  ] as const)("%o as %o", (value, options, category, typeName) => {
    using arc = ArcValue.from(value, options);
    expect(arc.category).toBe(category);
    if (typeName instanceof RegExp) expect(arc.typeName).toMatch(typeName);
    else expect(arc.typeName).toBe(typeName);
    const arrived = arc.toJS();
    expect(arrived).toEqual(typeof value === "bigint" && value === -5n ? -5 : value);
  });

  it.each([
    [1.5, "i32"],
    [2 ** 31, "i32"],
    [-1, "u32"],
    [2n ** 63n, "i64"],
    [-1n, "u64"],
    [1e300, "f32"],
    ["5", "f64"],
    [1, "bool"],
    [1, "string"],
    ["a", "bytes"],
    [[], "map"],
    [{}, "list"],
  ] as const)("refuses %o as %s", (value, as) => {
    const error = thrown(() => ArcValue.from(value, { as }));
    expect(error).toBeInstanceOf(ValueError);
    expect(error.message).toBe(`value: does not fit into ${as}`);
  });

  it.each([
    [
      { a: [new Uint8Array(1)] },
      "value.a[0]: json has no bytes; send Array.from(it) for a Vec<u8>, or base64 text",
    ],
    [[Number.NaN], "value[0]: json has no NaN; send null, or leave json out"],
    [{ d: new Date(0) }, "value.d: a Date cannot cross; send toISOString()"],
  ])("refuses json values that JSON cannot represent: %o", (value, message) => {
    expect(thrown(() => ArcValue.from(value, { as: "json" })).message).toBe(message);
  });

  it("refuses an unknown type, and says how to make a struct", () => {
    expect(thrown(() => ArcValue.from({}, { as: "struct" as never })).message).toMatch(
      /^options\.as: a Rust struct is made from json; expected one of i32, /,
    );
    expect(thrown(() => ArcValue.from({}, { like: "i32" } as never)).code).toBe(
      "ERR_RUNAR_INVALID_ARGUMENT",
    );
  });
});

describe("reads parts of an ArcValue", () => {
  const content = { b: [1, { deep: "x" }], a: new Uint8Array(3), c: Number.NaN };

  it("a map", () => {
    using arc = ArcValue.from(content);
    expect(arc.size).toBe(3);
    expect(arc.keys()).toEqual(["a", "b", "c"]);
    expect(arc.get("b")?.at(1)?.get("deep")?.toJS()).toBe("x");
    expect(arc.get("b")?.at(-2)?.toJS()).toBe(1);
    expect(arc.get("a")?.size).toBe(3);
    expect(arc.get("c")?.toJS()).toBeNaN();
    expect(arc.get("nope")).toBeUndefined();
    expect(arc.get("b")?.at(2)).toBeUndefined();
    expect(arc.at(0)).toBeUndefined();
    expect([arc.has("a"), arc.has("nope")]).toEqual([true, false]);
    expect([...arc].map((part) => part.category)).toEqual(["bytes", "json", "primitive"]);
  });

  it("a list and a json array", () => {
    for (const as of ["list", "json"] as const) {
      using arc = ArcValue.from([1, "a", [true]], { as });
      expect(arc.size).toBe(3);
      expect([...arc].map((part) => part.toJS())).toEqual([1, "a", [true]]);
      expect(arc.keys()).toEqual([]);
      expect(arc.get("0")).toBeUndefined();
    }
  });

  it("values without parts", () => {
    using arc = ArcValue.from(5);
    expect(arc.size).toBeUndefined();
    expect([...arc]).toEqual([]);
    expect(arc.get("a")).toBeUndefined();
  });

  it("a struct of a Rust service", async () => {
    const node = await startNode();
    using arc = await node.request("echo/item", json(item), { as: "arc" });
    expect(arc.category).toBe("struct");
    expect(arc.typeName).toMatch(/::Item$/);
    expect(arc.keys()).toEqual(["id", "name", "price", "note"]);
    expect(arc.get("name")?.toJS()).toBe("Moby-Dick");
    expect(arc.toJS()).toEqual(item);
    // The handler takes an Item and receives that object.
    expect(await node.request("echo/item", arc)).toEqual(item);
    expect(
      await node.request("macros/order", {
        item: arc,
        count: ArcValue.from(2, { as: "i32" }),
        tags: [],
        stock: {},
        data: new Uint8Array(),
      }),
    ).toMatchObject({ item, count: 2 });
  });

  it("lists and maps of Rust types", async () => {
    const node = await startNode();
    for (const [action, value] of [
      ["floats", [1, Number.NaN]],
      ["strings", ["a"]],
      ["weights", { a: 0.5 }],
      ["bytes", new Uint8Array([1, 2])],
    ] as const) {
      using arc = await node.request(`echo/${action}`, { value }, { as: "arc" });
      expect(arc.toJS()).toEqual(value);
      expect(arc.size).toBe("length" in value ? value.length : 1);
    }
  });

  it("serialises to JSON and prints on a terminal", () => {
    using arc = ArcValue.from({ a: [1n, 2n ** 60n], file: new Uint8Array([1, 2, 3]) });
    expect(JSON.stringify(arc)).toBe('{"a":[1,"1152921504606846976"],"file":"AQID"}');
    using small = ArcValue.from(5, { as: "i32" });
    expect(inspect(small)).toBe("ArcValue(i32) 5");
    expect(inspect({ small })).toBe("{ small: ArcValue(i32) 5 }");
    using long = ArcValue.from(new Array(1001).fill("x"));
    expect(inspect(long)).toBe("ArcValue(serde_json::value::Value, 1001) …");
    small.close();
    expect(inspect(small)).toBe("ArcValue (closed)");
  });
});

describe.each(lanes)("request with { as: 'arc' } in the %s lane", (localCalls) => {
  it("returns an ArcValue for answers from Rust and from TypeScript", async () => {
    const node = await startNode(localCalls);
    for (const path of ["echo/f64", "fixture/echo"]) {
      using arc = await node.request(path, 2.5, { as: "arc" });
      expect(arc).toBeInstanceOf(ArcValue);
      expect(arc.toJS()).toBe(2.5);
    }
    using arc = await node.request("js/echo", { value: { a: 1 } }, { as: "arc" });
    expect(arc.category).toBe("map");
    expect(arc.toJS()).toEqual({ a: 1 });
    using registry = await node.request("$registry/services/list", undefined, { as: "arc" });
    expect(registry.size).toBeGreaterThan(0);
  });

  it("refuses an unknown value of as", async () => {
    const node = await startNode(localCalls);
    const error = await failure(node.request("js/echo", [1], { as: "json" as never }));
    expect(error.message).toBe('options.as: expected "arc" or nothing, got "json"');
  });

  it("refuses an ArcValue inside a payload for TypeScript, with its path", async () => {
    const node = makeNode({ localCalls, checkValues: "check" });
    await node.addService({ name: "js", path: "js", actions: { echo: (value: unknown) => value } });
    await node.start();
    using arc = ArcValue.from(1);
    expect((await failure(node.request("js/echo", [{ arc }]))).message).toBe(
      "payload[0].arc: only Rust takes a value of Rust as a part of another; send its toJS()",
    );
  });
});

describe("releases an ArcValue", () => {
  it("on close(), after which every use is a typed error", async () => {
    const node = await startNode();
    const before = heldValues();
    const arc = ArcValue.from({ a: 1 });
    const map = arc.asMap();
    expect(heldValues()).toBe(before + 1);
    arc.close();
    arc.close();
    expect(arc.closed).toBe(true);
    expect(heldValues()).toBe(before);
    for (const use of [
      () => arc.category,
      () => arc.typeName,
      () => arc.size,
      () => arc.get("a"),
      () => arc.at(0),
      () => arc.keys(),
      () => [...arc],
      () => arc.toJS(),
      () => JSON.stringify(arc),
      () => map.get("a"),
      () => new VMap(arc),
    ]) {
      expect(thrown(use)).toMatchObject({ code: "ERR_RUNAR_CLOSED", name: "LifecycleError" });
    }
    const error = await failure(node.request("fixture/echo", arc));
    expect(error.code).toBe("ERR_RUNAR_CLOSED");
    expect((await failure(node.request("fixture/echo", { arc }))).code).toBe("ERR_RUNAR_CLOSED");
  });

  it("at the end of its block, but not before pending requests that carry it", async () => {
    const node = await startNode();
    const before = heldValues();
    let answer: Promise<unknown>;
    {
      using arc = ArcValue.from({ a: 1 });
      answer = node.request("fixture/echo", arc);
    }
    expect(await answer).toEqual({ a: 1 });
    expect(heldValues()).toBe(before);
  });

  it("when it is garbage-collected", async () => {
    const before = heldValues();
    for (let made = 0; made < 1000; made++) ArcValue.from(made);
    expect(heldValues()).toBe(before + 1000);
    await expect
      .poll(() => {
        globalThis.gc?.();
        return heldValues();
      })
      .toBeLessThan(before + 10);
  });

  it("when the call that would return it is aborted", async () => {
    const node = await startNode();
    const before = heldValues();
    const call = node.request("fixture/block", 100, { as: "arc", timeoutMs: 10 });
    expect((await failure(call)).code).toBe("ERR_RUNAR_TIMEOUT");
    // Answered after the previous call, on the same Rust thread.
    await node.request("fixture/echo", 1);
    expect(heldValues()).toBe(before);
  });

  it("when its payload is refused", async () => {
    const node = await startNode();
    const before = heldValues();
    await failure(node.request("fixture/echo", [new Uint8Array(100_000), new Date()]));
    await node.request("fixture/echo", [new Uint8Array(100_000)]);
    expect(heldValues()).toBe(before);
  });
});

describe("a VMap", () => {
  const entries = { theme: "dark", size: 12, file: new Uint8Array([1]) };

  it("is a map of plain values", () => {
    using map = VMap.from<unknown>(entries);
    expect(map.size).toBe(3);
    expect([...map.keys()]).toEqual(["file", "size", "theme"]);
    expect([...map]).toEqual([
      ["file", new Uint8Array([1])],
      ["size", 12],
      ["theme", "dark"],
    ]);
    expect(new Map(map)).toEqual(new Map(Object.entries(entries)));
    expect([...map.values()]).toEqual([new Uint8Array([1]), 12, "dark"]);
    expect([map.has("size"), map.has("nope"), map.get("nope")]).toEqual([true, false, undefined]);
    const seen: unknown[] = [];
    map.forEach((value, key, same) => {
      seen.push([key, value, same === map]);
    });
    expect(seen[1]).toEqual(["size", 12, true]);
    expect(String(map)).toBe("[object VMap]");
  });

  it("serialises to a plain object", () => {
    using map = VMap.from(new Map([["a", 1]]));
    expect(JSON.stringify({ map })).toBe('{"map":{"a":1}}');
    expect(map.toJS()).toEqual({ a: 1 });
  });

  it("reaches Rust unchanged", async () => {
    const node = await startNode();
    using map = VMap.from({ a: 2, b: 3 });
    expect(await node.request("macros/renamed", map)).toBe(6);
  });

  it("is made only from values with keys", () => {
    using object = ArcValue.from({ a: 1 }, { as: "json" });
    expect(object.asMap().get("a")).toBe(1);
    using list = ArcValue.from([1]);
    expect(thrown(() => list.asMap()).message).toBe("A value of category json is no map");
  });
});
