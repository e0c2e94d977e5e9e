// not remote: calls that have not arrived when the node stops are lost
import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

for (const drainMs of [0, 60_000]) {
  const node = new LaneNode();
  const gate = deferred();
  const ran = [];
  node.addService({
    name: "s",
    path: "s",
    actions: {
      one: {
        concurrency: 1,
        async handler(name) {
          ran.push(name);
          await gate.promise;
          return name;
        },
      },
    },
  });
  await node.start();
  const calls = ["first", "second", "third"].map((name) => node.request("s/one", [name]));
  await new Promise(setImmediate);
  const stopping = node.stop({ drainMs });
  say("drain", drainMs, "new work:", (await rejection(node.request("s/one", ["new"]))).code);
  if (drainMs > 0) gate.resolve();
  const settled = await Promise.allSettled(calls);
  for (const { value, reason } of settled) say("  ", value ?? reason);
  await stopping;
  say("  ran", ran);
}
end();

// trace
// drain 0 new work: ERR_RUNAR_STOPPED
//    LifecycleError ERR_RUNAR_STOPPED: The node has stopped
//    LifecycleError ERR_RUNAR_STOPPED: The node has stopped
//    LifecycleError ERR_RUNAR_STOPPED: The node has stopped
//   ran ["first"]
// drain 60000 new work: ERR_RUNAR_STOPPED
//    first
//    second
//    third
//   ran ["first", "second", "third"]
// end
// exit 0
