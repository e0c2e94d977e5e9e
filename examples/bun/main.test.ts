import { expect, test } from "bun:test";
import { OverloadError } from "runar-ts";
import { createTestNode, mockService } from "runar-ts/testing";
import { greeter } from "./greeter.js";
import { serve } from "./server.js";

test("a request makes a call and is logged", async () => {
  await using node = await createTestNode({ services: [greeter] });
  const server = serve(node, 0);
  const response = await fetch(`${server.url}hello/Ada%20L.`);
  expect(await response.text()).toBe("Hello, Ada L.!");
  const record = await node.recorded.waitFor({ service: "greeter", message: "greeting" });
  expect(record.fields).toEqual({ name: "Ada L." });
  await server.stop();
});

test("a failure is answered as JSON", async () => {
  const mock = mockService(greeter, {
    hello: () => {
      throw new OverloadError("ERR_RUNAR_OVERLOAD", "too many guests");
    },
  });
  await using node = await createTestNode({ services: [mock] });
  const server = serve(node, 0);
  const response = await fetch(`${server.url}hello/Ada`);
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ code: "ERR_RUNAR_OVERLOAD", message: "too many guests" });
  expect(mock.callsOf("hello")).toEqual([["Ada"]]);
  await server.stop();
});
