import assert from "node:assert/strict";
import { test } from "node:test";
import { recordLogs } from "runar-ts/testing";
import { startNetwork } from "./network.js";

const program = process.env.RUNAR_TEST_PEER;
if (program === undefined)
  throw new Error("RUNAR_TEST_PEER: expected the program of the Rust peer");

test("Rust and TypeScript call each other", async () => {
  const logs = recordLogs();
  const { node, rust, stop } = await startNetwork(program, { logger: logs });
  assert.equal(await node.request("calculator/add", { a: 2, b: 0.5 }), 2.5);
  assert.equal(await rust.call("greeter/hello", { name: "Rust" }), "Hello, Rust, from TypeScript!");
  await stop();
  assert.deepEqual(logs.filter({ level: "error" }), []);
});

test("a failure in Rust is an error in TypeScript", async () => {
  const { node, stop } = await startNetwork(program, { logger: recordLogs() });
  await assert.rejects(node.request("trouble/fail", { message: "no paper" }), {
    code: "ERR_RUNAR_REMOTE",
    message: /no paper/,
  });
  await stop();
});
