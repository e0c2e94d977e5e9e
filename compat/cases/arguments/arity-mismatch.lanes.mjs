import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

let ran = 0;
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    none: () => ran++,
    one: (_a) => ran++,
    two: (_a, _b, _ctx) => ran++,
    context: (_ctx) => ran++,
  },
});
await node.start();
for (const [action, payload] of [
  ["none", [1]],
  ["one", [1, 2]],
  ["two", [1, 2, {}]],
  ["two", [1, 2, 3, 4]],
  ["two", "single"],
  ["two", { a: 1, b: 2 }],
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
// none [1] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/none: the handler takes no arguments; the payload has 1 {path: "a/none"}
// one [1, 2] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/one: the handler takes at most 1 argument; the payload has 2 {path: "a/one"}
// two [1, 2, {}] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/two: the handler takes at most 2 arguments; the payload has 3 {path: "a/two"}
// two [1, 2, 3, 4] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/two: the handler takes at most 2 arguments; the payload has 4 {path: "a/two"}
// two single InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/two: the handler takes at most 2 arguments; the payload has one value that is no array {path: "a/two"}
// two {a: 1, b: 2} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/two: the handler takes at most 2 arguments; the payload has one value that is no array {path: "a/two"}
// context {peer: undefined} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/context: the handler takes no arguments; the payload has 1 {path: "a/context"}
// context [{peer: undefined}] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/context: the handler takes no arguments; the payload has 1 {path: "a/context"}
// handlers that ran: 0
// end
// exit 0
