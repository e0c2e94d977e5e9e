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
  },
});
await node.start();
say(await node.request("a/none"));
say(await node.request("a/none", []));
say(await node.request("a/two", [1, 2]));
say(await node.request("a/twoAndContext", [1, 2]));
say(await node.request("a/four", [1, 2, 3, 4]));
say(await node.request("a/four", [1, undefined, null, 4]));
say("handlers that ran:", ran);
for (const [action, payload] of [
  ["none", [1]],
  ["one", [1, 2]],
  ["two", [1, 2, 3]],
  ["twoAndContext", []],
  ["twoAndContext", [1]],
  ["twoAndContext", [1, 2, 3, 4]],
  ["twoAndContext", "single"],
  ["twoAndContext", { a: 1, b: 2 }],
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
// handlers that ran: 6
// none [1] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/none: the handler takes none; the payload has 1 argument {path: "a/none"}
// one [1, 2] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/one: the handler takes 0, or 1 without a context; the payload has 2 arguments {path: "a/one"}
// two [1, 2, 3] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/two: the handler takes 1, or 2 without a context; the payload has 3 arguments {path: "a/two"}
// twoAndContext [] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/twoAndContext: the handler takes 2, or 3 without a context; the payload has 0 arguments {path: "a/twoAndContext"}
// twoAndContext [1] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/twoAndContext: the handler takes 2, or 3 without a context; the payload has 1 argument {path: "a/twoAndContext"}
// twoAndContext [1, 2, 3, 4] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/twoAndContext: the handler takes 2, or 3 without a context; the payload has 4 arguments {path: "a/twoAndContext"}
// twoAndContext single InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/twoAndContext: the handler takes 2, or 3 without a context; the payload has one value that is no array {path: "a/twoAndContext"}
// twoAndContext {a: 1, b: 2} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/twoAndContext: the handler takes 2, or 3 without a context; the payload has one value that is no array {path: "a/twoAndContext"}
// handlers that ran: 6
// end
// exit 0
