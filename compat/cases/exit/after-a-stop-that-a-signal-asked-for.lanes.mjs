import { Node } from "runar-ts";
import { deferred, end, lane, say } from "../../kit.mjs";

const node = new Node({ network_config: {} }, { localCalls: lane });
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
