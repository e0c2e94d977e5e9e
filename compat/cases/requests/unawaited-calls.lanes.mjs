import { deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const done = deferred();
let ran = 0;
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    async note() {
      await null;
      if (++ran === 10) done.resolve();
    },
  },
});
await node.start();
for (let n = 0; n < 10; n++) node.request("a/note");
await done.promise;
say("ran", ran);
await node.stop();
end();

// trace
// ran 10
// end
// exit 0
