import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const records = [];
const node = new Node({ node_id: "kitchen" }, { logger: (record) => records.push(record) });
node.logger.info("hello");
await node.start();
await node.stop();
say(
  records
    .filter(({ target }) => target === "runar-ts")
    .map(({ label, message }) => [label, message]),
);
end();

// trace
// [["kitchen", "hello"]]
// end
// exit 0
