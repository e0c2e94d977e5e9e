import assert from "node:assert/strict";
import { test } from "node:test";
import { Node } from "runar-ts";
import { createTestNode } from "runar-ts/testing";
import { makeLogger } from "./logger.js";
import { shop } from "./shop.js";

test("a line of pino has the message and its context", async () => {
  const lines: string[] = [];
  const logger = makeLogger({ write: (line: string) => void lines.push(line) });
  await using node = new Node({}, { logger, redact: ["payment.card"] });
  node.addService(shop);
  await node.start();
  await node.client<typeof shop>("shop").order.with({ requestId: "r-1" })("emma", "4111");
  await node.stop(); // by then all is delivered
  const [line = "{}"] = lines;
  const { level, msg, service, action, requestId, isbn, payment } = JSON.parse(line);
  assert.deepEqual(
    { level, msg, service, action, requestId, isbn, payment },
    {
      level: 30,
      msg: "ordered",
      service: "shop",
      action: "order",
      requestId: "r-1",
      isbn: "emma",
      payment: { card: "[Redacted]" },
    },
  );
});

// What a service logs is tested without any logger.
test("selling the last copy logs a warning", async () => {
  await using node = await createTestNode({ services: [shop] });
  await node.client<typeof shop>("shop").order("dracula", "4111");
  const record = await node.recorded.waitFor({ level: "warn", service: "shop" });
  assert.equal(record.message, "the last copy");
  assert.deepEqual(record.fields, { isbn: "dracula" });
});
