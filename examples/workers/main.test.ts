import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestNode } from "runar-ts/testing";
import { startPool } from "./pool.js";
import { makePrimes } from "./primes.js";

test("the service counts on any thread", async () => {
  const primes = makePrimes("primes");
  await using node = await createTestNode({ services: [primes] });
  assert.equal(await node.client<typeof primes>("primes").count(0, 100), 25);
});

test("workers answer in parallel and end when the pool stops", async () => {
  const pool = await startPool(2);
  const counts = await Promise.all(pool.primes.map((primes) => primes.count(0, 1_000)));
  assert.deepEqual(counts, [168, 168]);
  await pool.stop();
  assert.equal(pool.node.state, "stopped");
});
