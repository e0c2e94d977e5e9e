import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const who = (ctx) => (ctx.peer === undefined ? "the node itself" : "a peer");
node.addService({ name: "a", path: "a", actions: { who } });
await node.start();
say(await node.request("a/who"), "by its path");
say(await node.client("a").who(), "through a client");
await node.addService({ name: "b", path: "b", actions: { who } });
say(await node.request("b/who"), "by a path that came late");
await node.removeService("b");
say(await node.request("b/who").catch((error) => error.code));
await node.stop();
end();

// trace
// the node itself by its path
// the node itself through a client
// the node itself by a path that came late
// ERR_RUNAR_NOT_FOUND
// end
// exit 0
