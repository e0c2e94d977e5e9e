import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

process.on("unhandledRejection", () => say("unhandled rejection"));
const node = new LaneNode();
const gate = deferred();
const finished = deferred();
node.addService({
  name: "s",
  path: "s",
  actions: {
    async late() {
      await gate.promise;
      finished.resolve();
      return "too late";
    },
    async fails() {
      await gate.promise;
      throw new Error("too late");
    },
    ping: () => "pong",
  },
});
await node.start();
for (const action of ["late", "fails"]) {
  say(await rejection(node.request(`s/${action}`, [], { timeoutMs: 15 })));
}
gate.resolve();
await finished.promise;
await new Promise(setImmediate);
say("and then", await node.request("s/ping"));
await node.stop();
end();

// trace
// TimeoutError ERR_RUNAR_TIMEOUT: s/late: no answer within 15 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: s/fails: no answer within 15 ms (a retry can help)
// and then pong
// end
// exit 0
