import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const COUNT = 100_000;
let next = 0;
let inOrder = true;
const logger = ({ fields }) => {
  if (fields?.n === undefined) return;
  inOrder &&= fields.n === next;
  next++;
};
const node = new LaneNode({}, { logger });
node.addService({
  name: "a",
  path: "a",
  actions: {
    log: (count, ctx) => {
      for (let n = 0; n < count; n++) ctx.logger.info("n", { n });
    },
  },
});
await node.start();
await node.request("a/log", [COUNT]);
await node.stop();
say("heard", next, "in order", inOrder, "dropped", node.logStats().total.dropped);
end();

// trace
// heard 100000 in order true dropped 0
// end
// exit 0
