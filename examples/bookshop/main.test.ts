import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestNode, mockService } from "runar-ts/testing";
import { type Book, catalog } from "./catalog.js";
import { makeOrders } from "./orders.js";
import { makeStock } from "./stock.js";

const emma: Book = {
  id: "emma",
  title: "Emma",
  author: "Austen",
  year: 1815,
  cents: 999,
  stock: 2,
};

/** A shop with one title, whose database is in memory. */
async function openShop() {
  const stock = makeStock(":memory:");
  const orders = makeOrders(stock);
  const books = mockService(catalog, { search: () => [emma], "books/{id}": () => emma });
  const node = await createTestNode({ services: [books, stock, orders] });
  return { node, books, orders: node.client<typeof orders>("orders") };
}

test("placing an order publishes it and reduces the stock", async () => {
  const { node, orders } = await openShop();
  const placed = node.once("orders/placed");
  assert.equal(await orders.place({ customer: "Ada", id: "emma", count: 2 }), 2 * 999);
  assert.deepEqual((await placed).value, { customer: "Ada", id: "emma", count: 2, total: 1998 });
  assert.equal(await orders.stock("emma"), 0);
  await node.recorded.waitFor({ level: "info", message: "sold out: Emma" });
  await node.stop();
});

test("an order beyond the stock is refused as a whole", async () => {
  const { node, orders } = await openShop();
  const refused = node.once("orders/refused");
  await assert.rejects(orders.place({ customer: "Ada", id: "emma", count: 3 }), {
    code: "ERR_RUNAR_ACTION",
    message: "orders/place: Emma: 3 wanted, 2 left",
  });
  assert.deepEqual((await refused).value, { customer: "Ada", id: "emma", count: 3 });
  assert.equal(await orders.stock("emma"), 2);
  await node.stop();
});

test("an invalid order makes no calls", async () => {
  const { node, books, orders } = await openShop();
  const before = books.calls.length;
  await assert.rejects(orders.place({ customer: "", id: "emma", count: 0.5 }), {
    code: "ERR_RUNAR_INVALID_ARGUMENT",
  });
  assert.equal(books.calls.length, before);
  await node.stop();
});
