import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const make = () => {
  const [gate, entered] = [deferred(), deferred()];
  const node = new LaneNode();
  const wait = () => {
    entered.resolve();
    return gate.promise;
  };
  node.addService({ name: "s", path: "s", actions: { wait } });
  return { node, gate, entered };
};
const [a, b] = [make(), make()];
await Promise.all([a.node.start(), b.node.start()]);
const calls = [a, b].map(({ node }) => node.request("s/wait"));
await Promise.all([a.entered.promise, b.entered.promise]);
const ended = rejection(calls[0]);
await a.node.stop({ drainMs: 0 });
say("a", await ended);
b.gate.resolve("b answers");
say(await calls[1]);
await b.node.stop();
end();

// trace
// a LifecycleError ERR_RUNAR_STOPPED: The node has stopped
// b answers
// end
// exit 0
