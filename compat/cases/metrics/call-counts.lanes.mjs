// not remote: a peer counts its own calls
import { Node } from "runar-ts";
import { deferred, end, lane, rejection, say } from "../../kit.mjs";

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
const { timeMs, sinceMs, served, made } = node.metrics();
for (const { path, caller, target, durations, ...counts } of [...served, ...made]) {
  const inBuckets = durations.counts.reduce((sum, count) => sum + count, 0);
  say(path, caller ?? target, counts, inBuckets === counts.ended, durations.count === counts.ended);
}
say("since", timeMs >= sinceMs, "bounds", served[0].durations.boundsMs);
await node.stop({ drainMs: 0 });
end();

// trace
// load {concurrency: 1, path: "shop/slow", queueLimit: 100000, queued: 1, running: 1}
// shop/items/{id} local {ended: 3, failed: 0, failures: {}, inFlight: 0} true true
// shop/later local {ended: 1, failed: 0, failures: {}, inFlight: 0} true true
// shop/throws local {ended: 1, failed: 1, failures: {ERR_RUNAR_ACTION: 1}, inFlight: 0} true true
// shop/slow local {ended: 3, failed: 1, failures: {ERR_RUNAR_TIMEOUT: 1}, inFlight: 0} true true
// shop/late local {ended: 1, failed: 1, failures: {ERR_RUNAR_TIMEOUT: 1}, inFlight: 0} true true
// $registry/services/{service_path}/state rust {ended: 1, failed: 0, failures: {}, inFlight: 0} true true
// _OTHER unknown {ended: 1, failed: 1, failures: {ERR_RUNAR_NOT_FOUND: 1}, inFlight: 0} true true
// since true bounds [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000]
// end
// exit 0
