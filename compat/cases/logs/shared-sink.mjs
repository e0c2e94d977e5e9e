import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const heard = [];
const logger = (record) => heard.push(record);
const nodes = ["one", "two", "three"].map((node_id) => new Node({ node_id }, { logger }));
for (let n = 0; n < 300; n++) nodes[n % 3].logger.info("x", { n });
nodes[2].logger.info("x", { n: 300 });
nodes[0].logger.info("x", { n: 301 });
// Not by setImmediate: in the oldest Bun such a loop starves timers.
while (heard.length < 302) await new Promise((resolve) => setTimeout(resolve, 1));
say("heard", heard.length);
say(
  "in the order of writing",
  heard.every(({ fields }, index) => fields.n === index),
);
say(
  "each with its own label",
  heard.every(({ fields: { n }, label }) => n >= 300 || label === ["one", "two", "three"][n % 3]),
);
say(
  "one count for all",
  heard.every(({ seq }, index) => seq === index + 1),
);
say(
  "and each its own account",
  nodes.map((node) => node.logStats().info.delivered),
);
await nodes[0].closeLogs();
nodes[0].logger.info("closed");
nodes[1].logger.info("still open");
await new Promise(setImmediate);
say(heard.at(-1).message, heard.length);
end();

// trace
// heard 302
// in the order of writing true
// each with its own label true
// one count for all true
// and each its own account [101, 100, 101]
// still open 303
// end
// exit 0
