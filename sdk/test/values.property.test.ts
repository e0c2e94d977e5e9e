import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { ArcValue, type Node } from "runar-ts";
import { afterAll, beforeAll, describe, it } from "vitest";
import { addRustService, makeNode, stopNodes } from "./support.js";

/** The number of values per test; many travel in one call. */
const VALUES = 100_000;
const A_CALL = 500;

const text = fc.string({ unit: "binary", maxLength: 12 });
const key = fc.oneof(text, fc.constantFrom("__proto__", "constructor", "length", "", "0", "id"));
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, 2 ** 31),
);
const bigint = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.bigInt({ min: -10n, max: 10n }),
);
const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => new Uint8Array(array));

/** Any supported value. */
const portable = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(number, text, fc.boolean(), fc.constantFrom(null, undefined), bigint, bytes),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.array(number, { maxLength: 5 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

/** The value after a round trip through Rust, by the rules of docs/guide/values.md. */
function throughRust(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === "bigint") {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
      ? Number(value)
      : value;
  }
  if (Array.isArray(value)) return value.map(throughRust);
  if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([name, item]) => [name, throughRust(item)]));
  }
  return value;
}

/**
 * Sends the values of a run in batches and compares the answers. A value with a wrong answer is sent
 * again by itself and shrunk.
 */
async function sameAfter(
  send: (values: unknown[]) => Promise<unknown[]>,
  expected: (value: unknown) => unknown = (value) => value,
): Promise<void> {
  const seed = Math.trunc(Math.random() * 2 ** 31);
  const values = fc.sample(portable, { seed, numRuns: VALUES });
  for (let start = 0; start < VALUES; start += A_CALL) {
    const sent = values.slice(start, start + A_CALL);
    const arrived = await send(sent);
    const wrong = sent.findIndex((value, index) => {
      return !isDeepStrictEqual(arrived[index], expected(value));
    });
    if (wrong === -1) continue;
    const alone = fc.asyncProperty(portable, async (value) => {
      const [back] = await send([value]);
      assert.deepStrictEqual(back, expected(value));
    });
    await fc.assert(alone, { seed, path: String(start + wrong) });
    throw new Error(`value ${start + wrong} of seed ${seed} is wrong beside others only`);
  }
}

describe(`${VALUES} values of any kind`, { timeout: 120_000 }, () => {
  let node: Node;

  beforeAll(async () => {
    node = makeNode({ localCalls: "native" });
    await node.addService({
      name: "js",
      path: "js",
      actions: { echo: { params: ["values"], handler: (values: unknown[]) => values } },
    });
    await node.start();
    await addRustService(node);
  });

  afterAll(stopNodes);

  it("come back from the native lane unchanged", () =>
    sameAfter((values) => node.request("js/echo", { values })));

  it("come back from a Rust service as the rules say", () =>
    sameAfter((values) => node.request("fixture/echo", values), throughRust));

  it("come back from a handler of upstream's macros as the rules say", () =>
    sameAfter(async (values) => {
      // With bytes the array becomes a list, whose items the macros keep. They turn json integers beyond
      // i64 into floats.
      const value = [new Uint8Array(), ...values];
      return (await node.request<unknown[]>("echo/values", { value })).slice(1);
    }, throughRust));

  it("come back from an ArcValue as the rules say", () =>
    sameAfter(async (values) => {
      const arc = ArcValue.from(values, { as: "list" });
      try {
        return arc.toJS<unknown[]>();
      } finally {
        arc.close();
      }
    }, throughRust));
});
