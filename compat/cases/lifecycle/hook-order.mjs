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
// Not awaited, and with hooks that are not asynchronous.
for (const path of ["d", "e"]) {
  node.addService({
    name: path,
    path,
    actions: {},
    init: () => say("init", path),
    start: () => say("start", path),
    stop: () => say("stop", path),
  });
}
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
// init d
// init e
// start a
// start b
// start d
// start e
// — add
// init c
// start c
// — stop
// stop c
// stop e
// stop d
// stop b
// stop a
// — start again: init does not run again
// start a
// start b
// start d
// start e
// start c
// stop c
// stop e
// stop d
// stop b
// stop a
// end
// exit 0
