import { Node } from "runar-ts";
import { deferred, end, say } from "../../kit.mjs";

const [gate, entered] = [deferred(), deferred()];
const node = new Node({});
await node.start();
const adding = node.addService({
  name: "s",
  path: "s",
  actions: {},
  async start() {
    say("start begins");
    entered.resolve();
    await gate.promise;
    say("start ends");
  },
  stop: () => say("stop"),
});
await entered.promise;
const stopping = node.stop();
gate.resolve();
await Promise.all([adding, stopping]);
say(node.state);
end();

// trace
// start begins
// start ends
// stop
// stopped
// end
// exit 0
