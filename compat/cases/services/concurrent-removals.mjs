import { Node } from "runar-ts";
import { deferred, end, say } from "../../kit.mjs";

const gate = deferred();
const node = new Node({});
const service = (stop) => ({ name: "s", path: "s", actions: { ping: () => "pong" }, stop });
node.addService(
  service(async () => {
    say("stop begins");
    await gate.promise;
    say("stop ends");
  }),
);
await node.start();
const removals = [node.removeService("s"), node.removeService("s")];
gate.resolve();
await Promise.all(removals);
await node.addService(service());
say("a later one stays:", await node.request("s/ping"));
await node.stop();
end();

// trace
// stop begins
// stop ends
// a later one stays: pong
// end
// exit 0
