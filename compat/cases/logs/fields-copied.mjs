import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const heard = [];
const node = new Node({}, { logger: ({ fields }) => heard.push(fields) });
const fields = { n: 1, inner: { n: 1 } };
const child = node.logger.child(fields);
node.logger.info("x", fields);
child.info("x");
fields.n = 2;
fields.inner.n = 2;
node.logger.info("x", fields);
child.info("x", { m: 3 });
child.info("x");
await node.closeLogs();
for (const one of heard) say(one);
say(
  "the program's own object is never handed on",
  heard.every((one) => one !== fields),
);
end();

// trace
// {inner: {n: 2}, n: 1}
// {inner: {n: 2}, n: 1}
// {inner: {n: 2}, n: 2}
// {inner: {n: 2}, m: 3, n: 1}
// {inner: {n: 2}, n: 1}
// the program's own object is never handed on true
// end
// exit 0
