import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const service = (path) => ({ name: path, path, actions: { ping: () => `pong of ${path}` } });
node.addService(service("early"));
await node.start();
say(await node.request("early/ping"));
say((await rejection(node.request("late/ping"))).code);
const hooks = { init: () => say("init"), start: () => say("start") };
await node.addService({ ...service("late"), ...hooks });
say(await node.request("late/ping"));
await node.stop();
await node.addService(service("stopped"));
await node.start();
say(await node.request("stopped/ping"), "and", await node.request("late/ping"));
await node.stop();
end();

// trace
// pong of early
// ERR_RUNAR_NOT_FOUND
// init
// start
// pong of late
// start
// pong of stopped and pong of late
// end
// exit 0
