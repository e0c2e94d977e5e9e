// Nodes of one network, each with its own identity.
import { Identity, Network, Node } from "runar-ts";
import { lane } from "../../kit.mjs";

export const quick = { timeoutMs: 20_000 };

export function makeNetwork() {
  const network = Network.create();
  const identities = new Map();

  function member(config = {}, options = {}) {
    const identity = Identity.create();
    network.enrol(identity);
    const node = new Node({ network_config: config }, { identity, localCalls: lane, ...options });
    identities.set(node, identity);
    return node;
  }

  /** The address and key of a node, as connect() takes them. */
  function addressOf(node) {
    return { publicKey: identities.get(node).publicKey, addresses: node.addresses };
  }

  return { network, member, addressOf };
}

/** Two running, connected nodes; `prepare` adds their services. */
export async function pair(prepare = () => undefined, config = {}, options = {}) {
  const { member, addressOf } = makeNetwork();
  const [here, there] = [member(config, options), member(config, options)];
  await prepare(here, there);
  await Promise.all([here.start(), there.start()]);
  await here.connect(addressOf(there), quick);
  await there.waitForPeer(here.id, quick);
  return { here, there };
}

/** Waits until a peer of the node fulfils a predicate. */
export async function until(node, holds) {
  const changes = node.peerChanges();
  if (node.peers().some(holds)) return;
  for await (const { peer } of changes) if (holds(peer)) return;
}
