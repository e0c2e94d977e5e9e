import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const records = [];
const node = new Node(
  { logging_config: { default_level: "debug" } },
  { logger: (record) => records.push(record) },
);
node.addService({ name: "a", path: "a", actions: { log: (n, ctx) => ctx.logger.info(`${n}`) } });
await node.start();
for (let n = 0; n < 100; n++) await node.request("a/log", [n]);
await node.stop();
process.on("exit", () => {
  say(
    "without gaps",
    records.every(({ seq }, index) => seq === index + 1),
  );
  say("the core's and ours", new Set(records.map(({ target }) => target)).size >= 2);
  end();
});

// trace
// without gaps true
// the core's and ours true
// end
// exit 0
