import { end, rejection, say } from "../../kit.mjs";
import { makeNetwork } from "./_members.mjs";

const [ours, theirs] = [makeNetwork(), makeNetwork()];
const here = ours.member();
const stranger = theirs.member();
await Promise.all([here.start(), stranger.start()]);
for (const [from, to] of [
  [here, theirs.addressOf(stranger)],
  [stranger, ours.addressOf(here)],
]) {
  const error = await rejection(from.connect(to, { timeoutMs: 10_000 }));
  say(error.name, error.code, error.message.includes("certificate is not accepted"));
}
const impostor = { ...ours.addressOf(here), addresses: here.addresses };
const other = ours.member();
await other.start();
const taken = await rejection(
  other.connect({ ...ours.addressOf(other), addresses: impostor.addresses }),
);
say(taken);
say(
  "peers",
  [here, stranger, other].map((node) => node.peers().length),
);
await Promise.all([here.stop(), stranger.stop(), other.stop()]);
end();

// trace
// IdentityError ERR_RUNAR_PEER_IDENTITY true
// IdentityError ERR_RUNAR_PEER_IDENTITY true
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: the peer is this node itself
// peers [0, 0, 0]
// end
// exit 0
