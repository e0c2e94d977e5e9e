/** With the test runner of Node, which Bun has too. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestNode, fakeClock, mockService } from "runar-ts/testing";
import { orders } from "./orders.js";
import { stock } from "./stock.js";

test("an order reduces the stock", async () => {
  const mock = mockService(stock, { take: () => true });
  await using node = await createTestNode({ services: [orders, mock] });
  assert.equal(await node.client<typeof orders>("orders").place("emma", 2), "placed");
  assert.deepEqual(mock.callsOf("take"), [["emma", 2]]);
});

test("a sold-out title is logged", async () => {
  const mock = mockService(stock, { take: () => false });
  await using node = await createTestNode({ services: [orders, mock] });
  assert.equal(await node.client<typeof orders>("orders").place("dracula", 1), "sold out");
  const record = await node.recorded.waitFor({ level: "warn", service: "orders" });
  assert.deepEqual(record.fields, { isbn: "dracula" });
});

test("a stock that does not answer is called three times with a timeout of two seconds", async () => {
  const mock = mockService(stock, { take: () => new Promise(() => {}) });
  await using node = await createTestNode({ services: [orders, mock] });
  using clock = fakeClock();
  const placing = node.client<typeof orders>("orders").place("emma", 1);
  await clock.advance(6_000); // takes a moment
  assert.equal(await placing, "try again later");
  assert.equal(mock.calls.length, 3);
});
