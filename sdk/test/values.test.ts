import vm from "node:vm";
import { type Event, InvalidArgumentError, json, type Node, ValueError, VMap } from "runar-ts";
import { afterEach, describe, expect, it } from "vitest";
import { refused } from "./refused-values.js";
import { addRustService, failure, lanes, makeNode, stopNodes } from "./support.js";

afterEach(stopNodes);

async function startNode(options: Parameters<typeof makeNode>[0] = {}) {
  const node = makeNode(options);
  const returned: { value: unknown } = { value: undefined };
  await node.addService({
    name: "js",
    path: "js",
    actions: {
      echo: { params: ["value"], handler: (value: unknown) => value },
      returned: (_payload: unknown) => returned.value,
      returnedLater: async () => returned.value,
    },
  });
  await node.start();
  await addRustService(node);
  return Object.assign(node, { returned });
}

const message = (text: string, root: string) => text.replaceAll("$", root);

describe("unsupported values are refused with their path", () => {
  it("in more than fifty cases", () => expect(refused.length).toBeGreaterThan(50));

  it.each([
    ["the native lane", { localCalls: "native" }],
    ["the direct lane with checks", { checkValues: "check" }],
    ["the direct lane with freezing", { checkValues: "freeze" }],
  ] as const)("in payloads, results and events of %s", async (_, options) => {
    const node = await startNode(options);
    for (const [, make, text] of refused) {
      const payload = await failure(node.request("js/echo", [make()]));
      expect(payload).toBeInstanceOf(ValueError);
      expect(payload.message).toMatch(/^payload\[0\]/);
      node.returned.value = make();
      for (const action of ["js/returned", "js/returnedLater"]) {
        const result = await failure(node.request(action));
        expect(result).toMatchObject({ code: "ERR_RUNAR_VALUE", message: message(text, "result") });
      }
      const event = await failure(node.publish("topic", make()));
      expect(event.message).toBe(message(text, "value"));
    }
    expect(await node.request("js/echo", [1])).toBe(1);
  });

  it.each(refused)("to Rust: %s", async (_, make, text) => {
    const node = await startNode();
    const error = await failure(node.request("fixture/echo", make()));
    expect(error).toMatchObject({ code: "ERR_RUNAR_VALUE", message: message(text, "payload") });
    expect(error.details).toEqual({ path: error.message.slice(0, error.message.indexOf(": ")) });
    expect(await node.request("fixture/echo", "still here")).toBe("still here");
  });

  it("with the error of a getter as the cause", async () => {
    const node = await startNode({ localCalls: "native" });
    const cause = new Error("no");
    const payload = {
      get total() {
        throw cause;
      },
    };
    expect((await failure(node.request("js/echo", payload))).cause).toBe(cause);
  });

  it("when a getter makes a call of its own", async () => {
    const node = await startNode({ localCalls: "native" });
    const payload = {
      get total() {
        node.request("js/echo", [1]).catch(() => undefined);
        return 1;
      },
    };
    expect(await node.request("js/echo", { value: payload })).toEqual({ total: 1 });
  });

  it("when it differs on a second read", async () => {
    const node = await startNode({ localCalls: "native" });
    let reads = 0;
    const payload = {
      get total() {
        if (reads++ === 0) throw new Error("only once");
        return 1;
      },
    };
    const error = await failure(node.request("fixture/echo", payload));
    expect(error.message).toBe("payload: changed while it was being read");
  });
});

describe("oversized values", () => {
  it("a string of 512 MB is a typed error and does not end the process", async () => {
    const node = await startNode({ localCalls: "native" });
    const text = "x".repeat(2 ** 29 - 24);
    for (const path of ["js/echo", "fixture/echo"]) {
      const error = await failure(node.request(path, [text]));
      expect(error.message).toMatch(/^payload: larger than 268435456 bytes, .*; send it in parts$/);
    }
    expect(await node.request("js/echo", [1])).toBe(1);
  });

  it("an object with exponentially many paths is refused before it fills the memory", async () => {
    const node = await startNode({ localCalls: "native" });
    let value: unknown = "x".repeat(1000);
    for (let level = 0; level < 20; level++) value = [value, value];
    expect((await failure(node.request("js/echo", [value]))).message).toMatch(/larger than/);
  });
});

const text = "grüße 🚀 \u0000";
const bytes = new Uint8Array([0, 1, 255]);

/** Values that arrive unchanged, in every lane and from Rust. */
const portable: [string, unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["true", true],
  ["a string", text],
  ["a long string", text.repeat(5_000)],
  ["the empty string", ""],
  ["0", 0],
  ["-0", -0],
  ["2 ** 31", 2 ** 31],
  ["-(2 ** 53 - 1)", -(2 ** 53 - 1)],
  ["1e300", 1e300],
  ["0.1", 0.1],
  ["NaN", Number.NaN],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["a bigint beyond the range of number", 2n ** 53n + 1n],
  ["the smallest i64", -(2n ** 63n)],
  ["the greatest u64", 2n ** 64n - 1n],
  ["bytes", bytes],
  ["no bytes", new Uint8Array()],
  ["many bytes", new Uint8Array(100_000).fill(7)],
  ["an empty array", []],
  ["numbers", [1, -2.5, 3e10]],
  ["numbers with NaN", [1, Number.NaN, -0]],
  ["a mixed array", [1, "a", null, [true], {}]],
  ["an empty object", {}],
  ["an object with bytes inside", { a: { file: bytes, list: [bytes, 1] } }],
  ["any keys", { "": 1, "a b": 2, 7: 3, [text]: 4, constructor: 5 }],
  ["__proto__ as a key", JSON.parse('{"__proto__": {"polluted": true}, "a": 1}')],
  ["128 levels", JSON.parse(`${'{"in":'.repeat(126)}1${"}".repeat(126)}`)],
  ["an object of any prototype", Object.assign(Object.create(null), { a: 1 })],
];

/** As `toEqual`, which takes a second for 100,000 bytes. */
function same(arrived: unknown, expected: unknown): void {
  if (expected instanceof Uint8Array && arrived instanceof Uint8Array) {
    expect(Buffer.compare(arrived, expected)).toBe(0);
  } else {
    expect(arrived).toEqual(expected);
  }
}

describe("supported values arrive unchanged", () => {
  it.each(portable)("%s", async (_, value) => {
    const direct = await startNode({ checkValues: "check" });
    const native = await startNode({ localCalls: "native" });
    for (const node of [direct, native]) {
      same(await node.request("js/echo", { value }), value);
      node.returned.value = value;
      same(await node.request("js/returned"), value);
      same(await node.request("js/returnedLater"), value);
      same(await node.request("fixture/echo", value), value);
    }
  });

  it("keeps the order of keys, and __proto__ stays data", async () => {
    const node = await startNode({ localCalls: "native" });
    const value = JSON.parse('{"z": 1, "a": 2, "__proto__": {"polluted": true}}');
    const arrived = await node.request<object>("js/echo", { value });
    expect(Object.keys(arrived)).toEqual(["z", "a", "__proto__"]);
    expect(Object.getPrototypeOf(arrived)).toBe(Object.prototype);
    expect("polluted" in arrived).toBe(false);
  });

  it("a Buffer and a view of one arrive as a Uint8Array", async () => {
    const node = await startNode({ localCalls: "native" });
    for (const path of ["js/returned", "fixture/echo"]) {
      node.returned.value = Buffer.from("abc").subarray(1);
      const arrived = await node.request<Uint8Array>(path, node.returned.value);
      expect(arrived).toEqual(new Uint8Array([98, 99]));
      expect(Object.getPrototypeOf(arrived)).toBe(Uint8Array.prototype);
    }
  });

  it("bytes in shared or resizable memory are copied", async () => {
    const node = await startNode();
    const shared = new Uint8Array(new SharedArrayBuffer(100_000)).fill(3);
    same(await node.request("fixture/echo", shared), new Uint8Array(100_000).fill(3));
    // Node 18 ignores the option and makes a buffer of fixed size.
    const resizable = Reflect.construct(ArrayBuffer, [2, { maxByteLength: 8 }]) as ArrayBuffer;
    expect(await node.request("fixture/echo", new Uint8Array(resizable))).toEqual(
      new Uint8Array(2),
    );
  });

  it("values of another realm are accepted", async () => {
    const node = await startNode({ localCalls: "native" });
    const value = vm.runInNewContext("({ a: [1, { b: 'x' }], bytes: new Uint8Array([1, 2]) })");
    for (const path of ["js/returned", "fixture/echo"]) {
      node.returned.value = value;
      expect(await node.request(path, value)).toEqual({
        a: [1, { b: "x" }],
        bytes: new Uint8Array([1, 2]),
      });
    }
    const date = vm.runInNewContext("new Date(0)");
    expect((await failure(node.request("fixture/echo", date))).message).toMatch(/a Date cannot/);
  });

  it("shared objects arrive once per place", async () => {
    const node = await startNode({ localCalls: "native" });
    const item = { a: 1 };
    const [one, other] = await node.request<object[]>("js/echo", { value: [item, item] });
    expect(one).toEqual(other);
    expect(one).not.toBe(other);
  });

  it("getters are read, and non-enumerable properties are left out", async () => {
    const node = await startNode({ localCalls: "native" });
    const value = Object.defineProperty(
      {
        get a() {
          return 1;
        },
      },
      "hidden",
      { value: () => 1 },
    );
    expect(await node.request("js/echo", { value })).toEqual({ a: 1 });
  });

  it("undefined stays between TypeScript ends and is omitted for Rust", async () => {
    const node = await startNode({ localCalls: "native" });
    const value = { a: undefined, b: [undefined] };
    const arrived = await node.request<object>("js/echo", { value });
    expect(arrived).toStrictEqual(value);
    expect(await node.request("fixture/echo", value)).toStrictEqual({ b: [null] });
  });

  it("a bigint in the range of number comes back from Rust as a number", async () => {
    const node = await startNode({ localCalls: "native" });
    expect(await node.request("js/echo", [5n])).toBe(5n);
    expect(await node.request("fixture/echo", 5n)).toBe(5);
  });
});

describe("checkValues", () => {
  const order = () => ({ id: 1, lines: [{ isbn: "x" }], bytes: new Uint8Array(1) });

  async function heard(node: Node, value: unknown): Promise<unknown> {
    const event = node.once("topic") as Promise<Event>;
    await node.publish("topic", value);
    return (await event).value;
  }

  it("is off by default and passes any reference", async () => {
    const node = await startNode();
    const date = new Date(0);
    expect(await node.request("js/echo", [date])).toBe(date);
    expect(await heard(node, date)).toBe(date);
  });

  it("freezes payloads, results and events", async () => {
    const node = await startNode({ checkValues: "freeze" });
    const value = order();
    expect(await node.request("js/echo", [value])).toBe(value);
    for (const frozen of [value, value.lines, value.lines[0]]) {
      expect(Object.isFrozen(frozen)).toBe(true);
    }
    const result = order();
    node.returned.value = result;
    expect(Object.isFrozen(await node.request("js/returnedLater"))).toBe(true);
    expect(Object.isFrozen(await heard(node, order()))).toBe(true);
  });

  it('only checks with "check"', async () => {
    const node = await startNode({ checkValues: "check" });
    const value = order();
    await node.request("js/echo", [value]);
    expect(Object.isFrozen(value)).toBe(false);
  });

  it("refuses other values by name", () => {
    expect(() => makeNode({ checkValues: true as never })).toThrow(InvalidArgumentError);
  });
});

describe.each(lanes)("Rust values on the %s lane", (localCalls) => {
  it("reach TypeScript handlers and subscribers as plain values", async () => {
    const node = await startNode({ localCalls });
    const map = VMap.from({ a: 1, b: new Uint8Array(1) });
    expect(await node.request("js/echo", json({ value: 1 }))).toBe(1);
    expect(await node.request("js/echo", VMap.from({ value: "x" }))).toBe("x");
    node.returned.value = map;
    expect(await node.request("js/returned")).toEqual({ a: 1, b: new Uint8Array(1) });
    expect(await node.request("js/returnedLater")).toEqual({ a: 1, b: new Uint8Array(1) });
    const event = node.once<object>("topic");
    await node.publish("topic", map);
    expect((await event).value).toEqual({ a: 1, b: new Uint8Array(1) });
  });
});
