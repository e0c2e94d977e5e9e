import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const records = [];
const node = new Node(
  { node_id: "kitchen" },
  { logger: (record) => records.push(record), logLevel: "trace" },
);
node.addService({
  name: "a",
  path: "a",
  actions: {
    log: (ctx) => {
      for (const level of ["trace", "debug", "info", "warn", "error"])
        ctx.logger[level](`${level}!`, { n: 1 });
    },
  },
});
await node.start();
await node.request("a/log");
node.logger.info("hello");
await node.stop();
for (const { time, nodeId, seq, requestId, ...rest } of records.filter(
  ({ target }) => target === "runar-ts",
)) {
  say(Math.abs(time - Date.now()) < 60_000, nodeId === node.id, typeof requestId, rest);
}
end();

// trace
// true true string {action: "log", component: "Service", fields: {n: 1}, label: "kitchen", level: "trace", message: "trace!", service: "a", target: "runar-ts"}
// true true string {action: "log", component: "Service", fields: {n: 1}, label: "kitchen", level: "debug", message: "debug!", service: "a", target: "runar-ts"}
// true true string {action: "log", component: "Service", fields: {n: 1}, label: "kitchen", level: "info", message: "info!", service: "a", target: "runar-ts"}
// true true string {action: "log", component: "Service", fields: {n: 1}, label: "kitchen", level: "warn", message: "warn!", service: "a", target: "runar-ts"}
// true true string {action: "log", component: "Service", fields: {n: 1}, label: "kitchen", level: "error", message: "error!", service: "a", target: "runar-ts"}
// true true undefined {component: "Node", label: "kitchen", level: "info", message: "hello", target: "runar-ts"}
// end
// exit 0
