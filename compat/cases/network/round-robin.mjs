import { end, say } from "../../kit.mjs";
import { makeNetwork, quick } from "./_members.mjs";

const { member, addressOf } = makeNetwork();
const [here, ...others] = [member(), member(), member()];
await here.start();
for (const [n, node] of others.entries()) {
  node.addService({ name: "who", path: "who", actions: { am: () => n } });
  await node.start();
  await here.connect(addressOf(node), quick);
}
const answers = [];
for (let call = 0; call < 10; call++) answers.push(await here.request("who/am"));
say(
  "each",
  [0, 1].map((n) => answers.filter((answer) => answer === n).length),
);
const changes = here.peerChanges();
await others[0].stop();
await changes.next();
say("the other", await here.request("who/am"), await here.request("who/am"));
await here.addService({ name: "who", path: "who", actions: { am: () => "myself" } });
say("its own first", await here.request("who/am"));
await Promise.all([here.stop(), others[1].stop()]);
end();

// trace
// each [5, 5]
// the other 1 1
// its own first myself
// end
// exit 0
