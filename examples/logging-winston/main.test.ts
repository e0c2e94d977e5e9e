import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import { Node } from "runar-ts";
import { createTestNode } from "runar-ts/testing";
import winston from "winston";
import { makeLogger } from "./logger.js";
import { shop } from "./shop.js";

test("a line of winston has the message and its context", async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const logger = makeLogger(new winston.transports.Stream({ stream, eol: "" }));
  await using node = new Node({}, { logger, redact: ["payment.card"] });
  node.addService(shop);
  await node.start();
  await node.client<typeof shop>("shop").order.with({ requestId: "r-1" })("emma", "4111");
  await node.stop(); // by then all is delivered
  assert.deepEqual(lines, [
    'info shop/order: ordered {"requestId":"r-1","isbn":"emma","payment":{"card":"[Redacted]"}}',
  ]);
});

// What a service logs is tested without any logger.
test("selling the last copy logs a warning", async () => {
  await using node = await createTestNode({ services: [shop] });
  await node.client<typeof shop>("shop").order("dracula", "4111");
  const record = await node.recorded.waitFor({ level: "warn", service: "shop" });
  assert.equal(record.message, "the last copy");
  assert.deepEqual(record.fields, { isbn: "dracula" });
});
