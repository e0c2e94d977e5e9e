import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const seen = { one: [], two: [] };
for (const name of ["one", "two"]) {
  const node = new Node({ node_id: name }, { logger: (record) => seen[name].push(record.message) });
  node.addService({
    name: "a",
    path: "a",
    actions: { speak: (ctx) => ctx.logger.info(`I am ${name}`) },
  });
  await node.start();
  await node.request("a/speak");
  await node.stop();
}
say(seen);
end();

// trace
// {one: ["I am one"], two: ["I am two"]}
// end
// exit 0
