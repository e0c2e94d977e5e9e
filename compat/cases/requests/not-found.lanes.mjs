import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
for (const path of [
  "a/nope",
  "nope/ping",
  "a",
  "a/ping/more",
  "A/PING",
  "a ping",
  "{x}/ping",
  "nobody/home",
]) {
  say(await rejection(node.request(path)));
}
for (const path of [
  "a/pi\0ng",
  "a/{ping}",
  "a:ping",
  "$nobody/ping",
  "$registry/nope",
  `a/${"x".repeat(100_000)}`,
]) {
  say(JSON.stringify(path.slice(0, 20)), (await rejection(node.request(path))).code);
}
say((await rejection(node.request("a/nope"))).details);
say(await node.request("a/ping"));
await node.stop();
end();

// trace
// NotFoundError ERR_RUNAR_NOT_FOUND: a/nope: no service has this action
// NotFoundError ERR_RUNAR_NOT_FOUND: nope/ping: no service has this action
// NotFoundError ERR_RUNAR_NOT_FOUND: a: no service has this action
// NotFoundError ERR_RUNAR_NOT_FOUND: a/ping/more: no service has this action
// NotFoundError ERR_RUNAR_NOT_FOUND: A/PING: no service has this action
// NotFoundError ERR_RUNAR_NOT_FOUND: a ping: no service has this action
// NotFoundError ERR_RUNAR_NOT_FOUND: {x}/ping: no service has this action
// NotFoundError ERR_RUNAR_NOT_FOUND: nobody/home: no service has this action
// "a/pi\u0000ng" ERR_RUNAR_NOT_FOUND
// "a/{ping}" ERR_RUNAR_NOT_FOUND
// "a:ping" ERR_RUNAR_NOT_FOUND
// "$nobody/ping" ERR_RUNAR_NOT_FOUND
// "$registry/nope" ERR_RUNAR_NOT_FOUND
// "a/xxxxxxxxxxxxxxxxxx" ERR_RUNAR_NOT_FOUND
// {path: "a/nope"}
// pong
// end
// exit 0
