import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
function deepInTheHandler() {
  throw new Error("here");
}
node.addService({ name: "a", path: "a", actions: { fail: () => deepInTheHandler() } });
await node.start();
const { cause, stack } = await rejection(node.request("a/fail"));
say("cause", String(cause.stack.includes("deepInTheHandler")));
say(
  "begins with the name",
  String(stack.includes("ActionError") || stack.includes("a/fail: here")),
);
await node.stop();
end();

// trace
// cause true
// begins with the name true
// end
// exit 0
