import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
let ran = 0;
const count = (result) => {
  ran++;
  return result;
};
node.addService({
  name: "a",
  path: "a",
  actions: {
    none: () => count("none"),
    one: (a) => count(a),
    two: (a, b) => count([a, b]),
    twoAndContext: (a, b, ctx) => count([a, b, ctx.path]),
    four: (a, b, c, d) => count([a, b, c, d]),
    context: (_ctx) => count("context"),
  },
});
await node.start();
say(await node.request("a/none"));
say(await node.request("a/none", []));
say(await node.request("a/two", [1, 2]));
say(await node.request("a/twoAndContext", [1, 2]));
say(await node.request("a/four", [1, 2, 3, 4]));
say(await node.request("a/four", [1, undefined, null, 4]));
say(await node.request("a/twoAndContext", [1]), await node.request("a/twoAndContext", []));
say("handlers that ran:", ran);
for (const [action, payload] of [
  ["none", [1]],
  ["one", [1, 2]],
  ["two", [1, 2, 3]],
  ["twoAndContext", [1, 2, {}]],
  ["twoAndContext", [1, 2, 3, 4]],
  ["twoAndContext", "single"],
  ["twoAndContext", { a: 1, b: 2 }],
  ["context", { peer: undefined }],
  ["context", [{ peer: undefined }]],
]) {
  const error = await rejection(node.request(`a/${action}`, payload));
  say(action, payload, error, error.details);
}
say("handlers that ran:", ran);
await node.stop();
end();

// trace
// none
// none
// [1, 2]
// [1, 2, "a/twoAndContext"]
// [1, 2, 3, 4]
// [1, undefined, null, 4]
// [1, undefined, "a/twoAndContext"] [undefined, undefined, "a/twoAndContext"]
// handlers that ran: 8
// none [1] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/none: the handler takes no arguments; the payload has 1 {path: "a/none"}
// one [1, 2] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/one: the handler takes at most 1 argument; the payload has 2 {path: "a/one"}
// two [1, 2, 3] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/two: the handler takes at most 2 arguments; the payload has 3 {path: "a/two"}
// twoAndContext [1, 2, {}] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/twoAndContext: the handler takes at most 2 arguments; the payload has 3 {path: "a/twoAndContext"}
// twoAndContext [1, 2, 3, 4] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/twoAndContext: the handler takes at most 2 arguments; the payload has 4 {path: "a/twoAndContext"}
// twoAndContext single InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/twoAndContext: the handler takes at most 2 arguments; the payload has one value that is no array {path: "a/twoAndContext"}
// twoAndContext {a: 1, b: 2} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/twoAndContext: the handler takes at most 2 arguments; the payload has one value that is no array {path: "a/twoAndContext"}
// context {peer: undefined} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/context: the handler takes no arguments; the payload has 1 {path: "a/context"}
// context [{peer: undefined}] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/context: the handler takes no arguments; the payload has 1 {path: "a/context"}
// handlers that ran: 8
// end
// exit 0
