import { EventEmitter } from "node:events";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { from: async (place) => `from ${place}` } });
await node.start();
const ask = (place) => node.request("a/from", [place]);
const via = (schedule) => new Promise((resolve) => schedule(() => resolve(ask(schedule.name))));
say(await via(setTimeout));
say(await via(setImmediate));
say(await via(queueMicrotask));
say(await via(process.nextTick));
const emitter = new EventEmitter();
const answer = new Promise((resolve) => emitter.once("ask", () => resolve(ask("an emitter"))));
emitter.emit("ask");
say(await answer);
say(await new Promise((resolve) => resolve(ask("an executor"))));
async function* generator() {
  yield ask("a generator");
}
for await (const text of generator()) say(text);
say(await Promise.race([ask("a race"), new Promise(() => undefined)]));
await node.stop();
end();

// trace
// from setTimeout
// from setImmediate
// from queueMicrotask
// from nextTick
// from an emitter
// from an executor
// from a generator
// from a race
// end
// exit 0
