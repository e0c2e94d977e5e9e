import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({});
for (const path of ["first", "second", "third"]) {
  node.addService({
    name: path,
    path,
    actions: {},
    init: () => say("init", path),
    start: async () => {
      await null;
      say("start", path);
    },
    stop: () => say("stop", path),
  });
}
await node.start();
await node.stop();
end();

// trace
// init first
// init second
// init third
// start first
// start second
// start third
// stop third
// stop second
// stop first
// end
// exit 0
