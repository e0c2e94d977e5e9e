import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

let ran = 0;
const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { ping: () => ++ran, "x/{y}": () => ++ran } });
await node.start();
for (const path of ["*/ping", "a/*", "a/>", ">", "*", "$registry/services/*/state"]) {
  say(await rejection(node.request(path)));
}
for (const path of ["", "/", "/a/ping", "a/ping/", "a//ping", "a/x/"]) {
  say(await rejection(node.request(path)));
}
say("handlers that ran:", ran);
say(await node.request("a/ping"), await node.request("a/x/y"));
await node.stop();
end();

// trace
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path "*/ping": a pattern cannot be called
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path "a/*": a pattern cannot be called
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path "a/>": a pattern cannot be called
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path ">": a pattern cannot be called
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path "*": a pattern cannot be called
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path "$registry/services/*/state": a pattern cannot be called
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path "": has an empty part
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path "/": has an empty part
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path "/a/ping": has an empty part
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path "a/ping/": has an empty part
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path "a//ping": has an empty part
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path "a/x/": has an empty part
// handlers that ran: 0
// 1 2
// end
// exit 0
