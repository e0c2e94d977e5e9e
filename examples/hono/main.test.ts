import assert from "node:assert/strict";
import { test } from "node:test";
import { OverloadError } from "runar-ts";
import { createTestNode, mockService } from "runar-ts/testing";
import { makeApp } from "./app.js";
import { orders } from "./orders.js";

const post = { method: "POST", body: JSON.stringify({ isbn: "emma", count: 2 }) };

// An app of Hono answers without a port.
test("a request calls the service", async () => {
  const mock = mockService(orders, { place: (order) => ({ ...order, total: 1 }) });
  await using node = await createTestNode({ services: [mock] });
  const response = await makeApp(node).request("/orders", post);
  assert.equal(response.status, 201);
  assert.deepEqual(await response.json(), { isbn: "emma", count: 2, total: 1 });
  assert.deepEqual(mock.callsOf("place"), [[{ isbn: "emma", count: 2 }]]);
});

test("a failure has a matching status code", async () => {
  const mock = mockService(orders, {
    place: () => {
      throw new OverloadError("ERR_RUNAR_OVERLOAD", "too many orders");
    },
  });
  await using node = await createTestNode({ services: [mock] });
  const app = makeApp(node);
  const overloaded = await app.request("/orders", post);
  assert.equal(overloaded.status, 503);
  assert.deepEqual(await overloaded.json(), {
    code: "ERR_RUNAR_OVERLOAD",
    message: "too many orders",
  });
  assert.equal((await app.request("/orders", { ...post, body: "{}" })).status, 400);
});

test("a client that disconnects aborts the call", async () => {
  await using node = await createTestNode({ services: [orders] });
  const app = makeApp(node);
  const started = node.once("printer/started");
  const hangUp = new AbortController();
  const answer = app.request("/print", { signal: hangUp.signal });
  await started;
  hangUp.abort();
  await assert.rejects(Promise.resolve(answer), { name: "AbortError" });
});
