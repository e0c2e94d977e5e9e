import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const schema = (validate) => ({ "~standard": { version: 1, vendor: "case", validate } });
const numbers = schema((value) =>
  Array.isArray(value) ? { value } : { issues: [{ message: "no array" }] },
);
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    one: (value) => value,
    two: (a, b) => [a, b],
    none: () => "none",
    sum: { input: numbers, handler: (all) => all.reduce((sum, next) => sum + next, 0) },
  },
});
await node.start();
const client = node.client("a");
say(await client.one([1, 2]), await client.one([[3]]), await client.one([]));
say(await client.one({ a: [] }), await client.one(null));
say(await client.two([1], [2]), await client.two(undefined, 2));
say(await client.none());
say(await client.sum([1, 2, 3]), await client.sum([5]), await client.sum([]));
say(await client.two());
say(await rejection(client.sum(5)));
await node.stop();
end();

// trace
// [1, 2] [[3]] []
// {a: []} null
// [[1], [2]] [undefined, 2]
// none
// 6 5 0
// [undefined, undefined]
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/sum: payload: no array
// end
// exit 0
