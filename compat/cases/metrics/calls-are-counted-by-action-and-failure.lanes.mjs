import { Node } from "runar-ts";
import { deferred, end, lane, rejection, say } from "../../kit.mjs";
import { rows } from "./_rows.mjs";

const gate = deferred();
const node = new Node({}, { localCalls: lane, metrics: true });
node.addService({
  name: "shop",
  path: "shop",
  actions: {
    "items/{id}": (ctx) => ctx.params.id,
    later: async () => "later",
    throws: () => {
      throw new Error("no");
    },
    slow: { concurrency: 1, handler: () => gate.promise },
    late: () => new Promise(() => undefined),
  },
});
await node.start();
for (const id of ["7", "8", "9"]) await node.request(`shop/items/${id}`);
await node.request("shop/later");
await rejection(node.request("shop/throws"));
await rejection(node.request("shop/late", null, { timeoutMs: 10 }));
await rejection(node.request("nobody/has"));
await node.request("$registry/services/shop/state");
const calls = [node.request("shop/slow"), node.request("shop/slow")];
const given = rejection(node.request("shop/slow", null, { timeoutMs: 10 }));
await given;
say(
  "load",
  node.metrics().actions.find(({ path }) => path === "shop/slow"),
);
gate.resolve();
await Promise.all(calls);
for (const row of rows(node.metrics())) say(...row);
const { timeMs, sinceMs, served } = node.metrics();
say("since", timeMs >= sinceMs, "bounds", served[0].durations.boundsMs);
await node.stop();
end();
