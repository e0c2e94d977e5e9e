// not remote: the case has two nodes in every lane
import { end, rejection, say } from "../../kit.mjs";
import { pair, until } from "./_members.mjs";

const large = "x".repeat(600_000);
const limit = 500_000;
const { here, there } = await pair(
  (_, b) =>
    b.addService({
      name: "big",
      path: "big",
      actions: { take: (text) => text.length, give: () => large },
    }),
  { max_payload_size: limit },
);
there.on("big", () => say("heard"));
await until(here, (peer) => peer.subscriptions.includes("big"));
for (const refused of [
  () => here.request("big/take", large),
  () => here.request("big/give"),
  () => here.publish("big", large),
]) {
  const error = await rejection(refused());
  say(error.name, error.code, error.details);
}
say("still connected", await here.request("big/take", "x".repeat(100_000)));
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// ValueError ERR_RUNAR_TOO_LARGE {bytes: 600005, limit: 500000}
// ValueError ERR_RUNAR_TOO_LARGE {bytes: 600005, limit: 500000}
// ValueError ERR_RUNAR_TOO_LARGE {bytes: 600005, limit: 500000}
// still connected 100000
// end
// exit 0
