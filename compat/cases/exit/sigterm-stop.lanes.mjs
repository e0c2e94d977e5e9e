// not remote: an open port keeps the process alive
import { deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({ network_config: {} });
const entered = deferred();
const gate = deferred();
node.addService({
  name: "a",
  path: "a",
  actions: {
    async work() {
      entered.resolve();
      return gate.promise;
    },
  },
  stop: () => say("the stop hook ran"),
});
await node.start();
const call = node.request("a/work").then((answer) => say("running work ended:", answer));
await entered.promise;
process.once("SIGTERM", async () => {
  say("asked to stop");
  const stopping = node.stop();
  gate.resolve("done");
  await stopping;
  await call;
  end();
});
process.kill(process.pid, "SIGTERM");

// trace
// asked to stop
// running work ended: done
// the stop hook ran
// end
// exit 0
