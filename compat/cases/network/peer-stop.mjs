import { end, rejection, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const { here, there } = await pair((_, b) =>
  b.addService({
    name: "slow",
    path: "slow",
    actions: { never: () => new Promise(() => undefined), now: () => "now" },
  }),
);
say("called", await here.request("slow/now"));
const running = rejection(here.request("slow/never"));
say("and again", await here.request("slow/now"));
const changes = here.peerChanges();
await there.stop({ drainMs: 0 });
say(
  "the running call",
  ["ERR_RUNAR_STOPPED", "ERR_RUNAR_PEER_LOST"].includes((await running).code),
);
// An update that removes its services may come first.
let last;
do last = (await changes.next()).value.change;
while (last === "updated");
say(last);
say("peers", here.peers());
say(await rejection(here.request("slow/now")));
await here.stop();
say("the loop has ended", (await changes.next()).done);
end();

// trace
// called now
// and again now
// the running call true
// disconnected
// peers []
// NotFoundError ERR_RUNAR_NOT_FOUND: slow/now: no service has this action
// the loop has ended true
// end
// exit 0
