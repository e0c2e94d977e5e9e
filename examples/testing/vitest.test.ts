/** The same with vitest. */

import { createTestNode, fakeClock, mockService } from "runar-ts/testing";
import { expect, test } from "vitest";
import { orders } from "./orders.js";
import { stock } from "./stock.js";

test("an order reduces the stock", async () => {
  const mock = mockService(stock, { take: () => true });
  await using node = await createTestNode({ services: [orders, mock] });
  expect(await node.client<typeof orders>("orders").place("emma", 2)).toBe("placed");
  expect(mock.callsOf("take")).toEqual([["emma", 2]]);
});

test("a sold-out title is logged", async () => {
  const mock = mockService(stock, { take: () => false });
  await using node = await createTestNode({ services: [orders, mock] });
  expect(await node.client<typeof orders>("orders").place("dracula", 1)).toBe("sold out");
  const record = await node.recorded.waitFor({ level: "warn", service: "orders" });
  expect(record.fields).toEqual({ isbn: "dracula" });
});

test("a stock that does not answer is called three times with a timeout of two seconds", async () => {
  const mock = mockService(stock, { take: () => new Promise(() => {}) });
  await using node = await createTestNode({ services: [orders, mock] });
  using clock = fakeClock();
  const placing = node.client<typeof orders>("orders").place("emma", 1);
  await clock.advance(6_000); // takes a moment
  expect(await placing).toBe("try again later");
  expect(mock.calls.length).toBe(3);
});
