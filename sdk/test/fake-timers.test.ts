/** Nodes under the fake timers of test runners, which replace whatever schedules. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Node, NodeOptions, Stream } from "runar-ts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { pair, quick } from "./members.js";
import { failure, makeNode, stopNodes } from "./support.js";

const run = promisify(execFile);

afterEach(stopNodes);

const service = {
  name: "work",
  path: "work",
  actions: {
    now: () => 1,
    later: async () => 2,
    never: () => new Promise(() => undefined),
    stream: async function* () {
      yield 1;
      yield 2;
    },
  },
};

/** Vitest refuses to replace `nextTick` in a process that it has forked. */
const FAKED = [
  "setTimeout",
  "clearTimeout",
  "setImmediate",
  "clearImmediate",
  "setInterval",
  "clearInterval",
  "Date",
  "hrtime",
  "performance",
  "queueMicrotask",
] as const;

function install() {
  vi.useFakeTimers({ toFake: [...FAKED] });
  return () => vi.useRealTimers();
}

/** What a test of a user may do; none of it may wait for a timer that stands still. */
async function use(node: Node, options: NodeOptions): Promise<void> {
  expect(await node.request("work/now")).toBe(1);
  expect(await node.request("work/later")).toBe(2);
  // More than may be exchanged in one turn of the event loop.
  for (let call = 0; call < 1_500; call++) await node.request("work/now");
  const items: number[] = [];
  for await (const item of await node.request<Stream<number>>("work/stream")) items.push(item);
  expect(items).toEqual([1, 2]);
  const late = node.request("work/never", [], { timeoutMs: 20 });
  expect((await failure(late)).code).toBe("ERR_RUNAR_TIMEOUT");
  const heard = node.once("topic", quick);
  await node.publish("topic", "value");
  expect((await heard).value).toBe("value");
  node.logger.info("hello");
  if (options.metrics) expect(node.metrics().timeMs).toBeGreaterThan(1.6e12);
  // The handler of the call that was late still runs.
  await node.stop({ drainMs: 0 });
}

describe("vi.useFakeTimers", () => {
  it.each(["direct", "native"] as const)(
    "leaves calls of the lane %s alone",
    async (localCalls) => {
      const restore = install();
      try {
        const options = { localCalls, metrics: true };
        const node = makeNode(options);
        await node.addService(service);
        await node.start();
        await use(node, options);
      } finally {
        restore();
      }
    },
  );

  it("leaves calls between nodes alone", async () => {
    const restore = install();
    try {
      const { a, b } = await pair();
      await b.addService(service);
      await a.waitForService("work", quick);
      await use(a, {});
      await b.stop({ drainMs: 0 });
    } finally {
      restore();
    }
  });
});

const INSTALLED_LATER = `
  import { createRequire } from "node:module";
  import { Node } from "runar-ts";
  const FakeTimers = createRequire(process.cwd() + "/")("@sinonjs/fake-timers");
  FakeTimers.install();
`;

const FROZEN_BEFORE = `
  const names = ["setTimeout", "setImmediate", "setInterval", "queueMicrotask"];
  for (const name of names) globalThis[name] = () => undefined;
  Object.defineProperty(globalThis, "performance", { value: { now: () => 0, timeOrigin: 0 } });
  const { Node } = await import("runar-ts");
`;

describe.each([
  ["@sinonjs/fake-timers, with process.nextTick,", INSTALLED_LATER],
  ["global timers that stand still before the SDK is loaded, as in Jest,", FROZEN_BEFORE],
])("%s", (_, begin) => {
  it.each(["direct", "native"])(
    "leave calls, deadlines and records of the lane %s alone",
    async (lane) => {
      const program = `
      ${begin}
      import { writeSync } from "node:fs";
      const logger = (record) => writeSync(1, record.message + "\\n");
      const node = new Node({}, { localCalls: "${lane}", logger });
      const never = () => new Promise(() => undefined);
      const later = async () => 1;
      await node.addService({ name: "work", path: "work", actions: { later, never } });
      await node.start();
      for (let call = 0; call < 1500; call++) await node.request("work/later");
      const late = node.request("work/never", [], { timeoutMs: 20 });
      writeSync(1, (await late.catch(({ code }) => code)) + "\\n");
      node.logger.info("hello");
      await node.stop({ drainMs: 0 });
      process.exit();
    `;
      const args = ["--input-type=module", "--eval", program];
      const cwd = fileURLToPath(new URL("../", import.meta.url));
      const { stdout, stderr } = await run(process.execPath, args, { cwd, timeout: 20_000 });
      expect(stderr).toBe("");
      expect(stdout.split("\n")).toEqual(expect.arrayContaining(["ERR_RUNAR_TIMEOUT", "hello"]));
    },
  );
});
