import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestNode } from "runar-ts/testing";
import { greeter } from "./greeter.js";

test("greets, and tells of it", async () => {
  await using node = await createTestNode({ services: [greeter] });
  const greeted = node.once("greeter/greeted");
  assert.equal(await node.client<typeof greeter>("greeter").hello("Ada"), "Hello, Ada!");
  assert.deepEqual((await greeted).value, { name: "Ada" });
  await node.recorded.waitFor({ service: "greeter", message: "greeting" });
});

test("greets nobody who has no name", async () => {
  await using node = await createTestNode({ services: [greeter] });
  await assert.rejects(node.request("greeter/hello", [""]), {
    code: "ERR_RUNAR_ACTION",
    message: "greeter/hello: a greeting needs a name",
  });
});
