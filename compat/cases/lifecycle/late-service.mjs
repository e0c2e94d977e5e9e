import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
await node.start();
await node.addService({
  name: "late",
  path: "late",
  actions: { ping: () => "pong" },
  init: () => say("init"),
  start: () => say("start"),
});
say(await node.request("late/ping"));
await node.stop();
end();

// trace
// init
// start
// pong
// end
// exit 0
