import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: { one: (value, ctx) => [value, ctx.path], many: (a, b, c) => [a, b, c] },
});
await node.start();
for (const value of [5, "text", true, { b: 1, a: 2 }, null, 7n, new Uint8Array([1, 2])]) {
  say(await node.request("a/one", value));
}
say(await node.request("a/one", [[1, 2, 3]]));
say(await rejection(node.request("a/many", { a: 1 })));
await node.stop();
end();

// trace
// [5, "a/one"]
// ["text", "a/one"]
// [true, "a/one"]
// [{a: 2, b: 1}, "a/one"]
// [null, "a/one"]
// [7n, "a/one"]
// [bytes[1 2], "a/one"]
// [[1, 2, 3], "a/one"]
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/many: the handler takes at most 3 arguments; the payload has one value that is no array
// end
// exit 0
