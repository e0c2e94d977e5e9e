import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { OverloadError } from "runar-ts";
import { createTestNode, mockService, type TestNode } from "runar-ts/testing";
import { makeApp } from "./app.js";
import { orders } from "./orders.js";

/** The app, at a port of its own, over a node of which the test decides what its services answer. */
async function serve(node: TestNode) {
  const server = createServer(makeApp(node)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const post = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ isbn: "emma", count: 2 }),
};

test("a request calls the service", async (t) => {
  const mock = mockService(orders, { place: (order) => ({ ...order, total: 1 }) });
  await using node = await createTestNode({ services: [mock] });
  const { url, close } = await serve(node);
  t.after(close);
  const response = await fetch(`${url}/orders`, post);
  assert.equal(response.status, 201);
  assert.deepEqual(await response.json(), { isbn: "emma", count: 2, total: 1 });
  assert.deepEqual(mock.callsOf("place"), [[{ isbn: "emma", count: 2 }]]);
});

test("a failure has a matching status code", async (t) => {
  const mock = mockService(orders, {
    place: () => {
      throw new OverloadError("ERR_RUNAR_OVERLOAD", "too many orders");
    },
  });
  await using node = await createTestNode({ services: [mock] });
  const { url, close } = await serve(node);
  t.after(close);
  const overloaded = await fetch(`${url}/orders`, post);
  assert.equal(overloaded.status, 503);
  assert.deepEqual(await overloaded.json(), {
    code: "ERR_RUNAR_OVERLOAD",
    message: "too many orders",
  });
  const misfit = await fetch(`${url}/orders`, { ...post, body: "{}" });
  assert.equal(misfit.status, 400);
});

test("a client that disconnects aborts the call", async (t) => {
  const mock = mockService(orders, {
    async print(ctx) {
      await ctx.publish("printer/started");
      await once(ctx.signal, "abort");
      await ctx.publish("printer/given-up");
      return "nobody reads this";
    },
  });
  await using node = await createTestNode({ services: [mock] });
  const { url, close } = await serve(node);
  t.after(close);
  const started = node.once("printer/started");
  const givenUp = node.once("printer/given-up");
  const hangUp = new AbortController();
  const refused = assert.rejects(fetch(`${url}/print`, { signal: hangUp.signal }));
  await started;
  hangUp.abort();
  await refused;
  await givenUp;
});
