// not remote: a peer creates its own error object from the answer
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const frozen = Object.freeze(new Error("frozen"));
const shared = new Error("shared");
const stack = shared.stack;
node.addService({
  name: "a",
  path: "a",
  actions: { frozen: () => Promise.reject(frozen), shared: () => Promise.reject(shared) },
});
await node.start();
say((await rejection(node.request("a/frozen"))).cause === frozen);
for (let i = 0; i < 3; i++) say((await rejection(node.request("a/shared"))).cause === shared);
say("unchanged", shared.stack === stack);
await node.stop();
end();

// trace
// true
// true
// true
// true
// unchanged true
// end
// exit 0
