import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const records = [];
// The core has services that log as well.
const logger = (record) => record.target === "runar-ts" && records.push(record);
const make = (label, requestTimeoutMs, logLevel) => {
  const options = { logger, requestTimeoutMs, logLevel };
  const node = new LaneNode({ node_id: label }, options);
  const never = () => new Promise(() => undefined);
  node.addService({ name: "s", path: "s", actions: { never } });
  return node;
};
const nodes = [make("quick", 15, "debug"), make("slow", 30, "error")];
for (const node of nodes) {
  await node.start();
  say((await rejection(node.request("s/never"))).message);
  node.logger.debug("detail");
  node.logger.error("trouble");
}
const component = "Node";
nodes[1].setLogLevel("debug", { component });
nodes[0].setLogLevel("off", { component });
for (const node of nodes) node.logger.debug("more detail");
for (const node of nodes) await node.stop({ drainMs: 0 });
for (const { label, level, message } of records) say("record", label, level, message);
end();

// trace
// s/never: no answer within 15 ms
// s/never: no answer within 30 ms
// record quick debug detail
// record quick error trouble
// record slow error trouble
// record slow debug more detail
// end
// exit 0
