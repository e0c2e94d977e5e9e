import { Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";
import { everything, Knot, RunarError } from "./_re-exports.mjs";

say("Node", Knot === Node, everything.Node === Node);
const node = new Knot({});
const error = await rejection(node.request("a/b"));
say("its errors", error instanceof RunarError, error instanceof everything.LifecycleError);
end();

// trace
// Node true true
// its errors true true
// end
// exit 0
