import { Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";
import { makeNetwork } from "./_members.mjs";

const { member, addressOf } = makeNetwork();
const here = member();
say(await rejection(here.connect({ publicKey: "04", addresses: ["127.0.0.1:1"] })));
await here.start();
const { publicKey } = addressOf(here);
for (const peer of [
  undefined,
  {},
  { publicKey },
  { publicKey, addresses: [] },
  { publicKey, addresses: [7] },
  { publicKey, addresses: ["nowhere"] },
  { publicKey: "04ab", addresses: ["127.0.0.1:1"] },
  { publicKey, addresses: ["127.0.0.1:1"] },
]) {
  say(await rejection(here.connect(peer)));
}
await here.stop();
const local = new Node({});
await local.start();
say("addresses", local.addresses, "peers", local.peers());
say(await rejection(local.connect({ publicKey, addresses: ["127.0.0.1:1"] })));
await local.stop();
end();
