import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
for (const path of ["a/nope", "nobody/home", "a", "$registry/nope"]) {
  say((await rejection(node.request(path))).code, path);
}
const error = await rejection(node.request("a/nope"));
say(error);
say(error.details);
for (const path of [undefined, 5, {}]) say(await rejection(node.request(path)));
await node.stop();
end();

// trace
// ERR_RUNAR_NOT_FOUND a/nope
// ERR_RUNAR_NOT_FOUND nobody/home
// ERR_RUNAR_NOT_FOUND a
// ERR_RUNAR_NOT_FOUND $registry/nope
// NotFoundError ERR_RUNAR_NOT_FOUND: a/nope: no service has this action
// {path: "a/nope"}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path: expected a string, got undefined
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path: expected a string, got a number
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path: expected a string, got an object
// end
// exit 0
