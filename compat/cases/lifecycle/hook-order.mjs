import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const service = (path) => ({
  name: path,
  path,
  actions: {},
  init: async () => {
    await null;
    say("init", path);
  },
  start: async () => {
    await null;
    say("start", path);
  },
  stop: async () => {
    await null;
    say("stop", path);
  },
});
const node = new Node({});
await node.addService(service("a"));
await node.addService(service("b"));
say("— start");
await node.start();
say("— add");
await node.addService(service("c"));
say("— stop");
await node.stop();
say("— start again: init does not run again");
await node.start();
await node.stop();
end();

// trace
// init a
// init b
// — start
// start a
// start b
// — add
// init c
// start c
// — stop
// stop c
// stop b
// stop a
// — start again: init does not run again
// start a
// start b
// start c
// stop c
// stop b
// stop a
// end
// exit 0
