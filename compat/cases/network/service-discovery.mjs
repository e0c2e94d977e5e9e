import { end, rejection, say } from "../../kit.mjs";
import { pair, quick, until } from "./_members.mjs";

const { here, there } = await pair();
const math = { name: "math", path: "math", actions: { add: (a, b) => a + b } };
for (const round of [1, 2]) {
  const waiting = here.waitForService("math", quick);
  await there.addService(math);
  await waiting;
  say(round, "there", await here.request("math/add", [round, 1]));
  await there.removeService("math");
  await until(here, (peer) => peer.services.length === 0);
  say(round, await rejection(here.request("math/add", [1, 1])));
}
const [peer] = here.peers();
say("authenticated", peer.authenticated, "sdk", peer.sdk, "connected", peer.connected);
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// 1 there 2
// 1 NotFoundError ERR_RUNAR_NOT_FOUND: math/add: no service has this action
// 2 there 3
// 2 NotFoundError ERR_RUNAR_NOT_FOUND: math/add: no service has this action
// authenticated true sdk true connected true
// end
// exit 0
