/** Calls of an action whose only provider appears and disappears. */

import { type Context, defineService, RunarError } from "runar-ts";
import { afterEach, expect, it } from "vitest";
import { pair, quick } from "./members.js";
import { stopNodes } from "./support.js";

afterEach(stopNodes);

/** How often the service is removed and added again, and how many loops call it meanwhile. */
const ROUNDS = 60;
const LOOPS = 32;

const flapping = defineService({
  name: "flapping",
  path: "flapping",
  actions: {
    // One object as the argument of a client: named payloads would be told from it by metadata alone.
    one: (given: { a: number }, ctx: Context) => ({
      given,
      requestId: ctx.requestId,
      left: ctx.deadline - Date.now(),
    }),
    async *items(count: number) {
      for (let item = 0; item < count; item++) yield item;
    },
  },
});

/** What a call may fail with while nobody has the action. */
const AWAY = new Set([
  "ERR_RUNAR_NOT_FOUND",
  "ERR_RUNAR_SERVICE_NOT_RUNNING",
  "ERR_RUNAR_STOPPED",
  "ERR_RUNAR_PEER_LOST",
]);

it("answers each call with its own metadata, or says that the service is away", async () => {
  const { a, b } = await pair();
  const client = a.client<typeof flapping>("flapping");
  let isOver = false;
  let answered = 0;
  let away = 0;
  const odd: unknown[] = [];

  async function callOnce(requestId: string) {
    const options = { requestId, timeoutMs: 2_000 };
    const answer = await client.one.with(options)({ a: 1 });
    const isOwn = answer.requestId === requestId && answer.given.a === 1 && answer.left <= 2_050;
    if (!isOwn) odd.push(answer);
  }

  async function readOnce() {
    const items: number[] = [];
    for await (const item of await client.items.with({ timeoutMs: 2_000 })(3)) items.push(item);
    if (items.join() !== "0,1,2") odd.push(items);
  }

  async function loop(index: number) {
    for (let call = 0; !isOver; call++) {
      try {
        await (index % 4 === 0 ? readOnce() : callOnce(`loop-${index}-${call}`));
        answered++;
      } catch (error) {
        if (!RunarError.is(error) || !AWAY.has(error.code)) odd.push(error);
        away++;
      }
    }
  }

  const loops = Array.from({ length: LOOPS }, (_, index) => loop(index));
  for (let round = 0; round < ROUNDS; round++) {
    await b.addService(flapping);
    await a.waitForService("flapping", quick);
    const seen = answered;
    // Some calls are answered before it goes again.
    while (answered < seen + LOOPS) await new Promise(setImmediate);
    await b.removeService("flapping");
  }
  isOver = true;
  await Promise.all(loops);
  expect(odd).toEqual([]);
  expect(away).toBeGreaterThan(0);
  expect(answered).toBeGreaterThanOrEqual(ROUNDS * LOOPS);
}, 60_000);
