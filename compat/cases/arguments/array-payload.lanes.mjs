import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    none: () => "none",
    two: (a, b) => [a, b],
    twoAndContext: (a, b, ctx) => [a, b, ctx.path],
    four: (a, b, c, d) => [a, b, c, d],
  },
});
await node.start();
say(await node.request("a/none"));
say(await node.request("a/none", []));
say(await node.request("a/two", [1, 2]));
say(await node.request("a/twoAndContext", [1, 2]));
say(await node.request("a/four", [1, 2, 3, 4]));
say(await node.request("a/four", [1, undefined, null, 4]));
say(await rejection(node.request("a/two", [1, 2, 3])));
say(await node.request("a/twoAndContext", [1]));
say(await node.request("a/four", []));
say(await rejection(node.request("a/none", [1])));
await node.stop();
end();

// trace
// none
// none
// [1, 2]
// [1, 2, "a/twoAndContext"]
// [1, 2, 3, 4]
// [1, undefined, null, 4]
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/two: the handler takes at most 2 arguments; the payload has 3
// [1, undefined, "a/twoAndContext"]
// [undefined, undefined, undefined, undefined]
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/none: the handler takes no arguments; the payload has 1
// end
// exit 0
