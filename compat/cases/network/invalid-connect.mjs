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

// trace
// LifecycleError ERR_RUNAR_NOT_STARTED: connect: the node has not been started (a retry can help)
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: peer: expected an object, got undefined
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: peer.publicKey: expected a string, got undefined
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: peer.addresses: expected an array of one address at least
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: peer.addresses: expected an array of one address at least
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: peer.addresses: expected an array of one address at least
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: peer.addresses: "nowhere" is no address with a port such as 127.0.0.1:4433
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: peer.publicKey: expected 130 hexadecimal digits that begin with 04
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: the peer is this node itself
// addresses [] peers []
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: the node has no network: give it a network_config
// end
// exit 0
