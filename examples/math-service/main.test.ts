import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestNode } from "runar-ts/testing";
import { mathService } from "./math.js";

test("adds and logs the result", async () => {
  await using node = await createTestNode({ services: [mathService] });
  assert.equal(await node.client<typeof mathService>("math").add(2, 3), 5);
  const { level, action } = await node.recorded.waitFor({ message: "from the JS/TS side!" });
  assert.deepEqual({ level, action }, { level: "debug", action: "add" });
});

test("refuses to divide by zero", async () => {
  await using node = await createTestNode({ services: [mathService] });
  await assert.rejects(node.request("math/divide", [1, 0]), {
    code: "ERR_RUNAR_ACTION",
    message: "math/divide: cannot divide by zero",
  });
});
