// Starts two nodes that are to find each other, many times over; fails when two do not. Argument:
// how many times.
import { Identity, Network, Node } from "runar-ts";

const pairs = Number(process.argv[2]);
const network = Network.create();

function member(peers) {
  const identity = Identity.create();
  network.enrol(identity);
  const node = new Node({ network_config: { peers } }, { identity });
  return { node, publicKey: identity.publicKey };
}

for (let done = 0; done < pairs; done++) {
  const first = member([]);
  await first.node.start();
  const second = member([{ public_key: first.publicKey, addresses: first.node.addresses }]);
  await second.node.start();
  await Promise.all([first.node.waitForPeer(second.node.id), second.node.waitForPeer()]);
  await Promise.all([first.node.stop(), second.node.stop()]);
}
