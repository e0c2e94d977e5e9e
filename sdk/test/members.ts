/** Nodes of one network. */

import { Identity, Network, type Node, type NodeConfig, type NodeOptions } from "runar-ts";
import { makeNode } from "./support.js";

/** An enrolled identity. */
export function member(network: Network): Identity {
  const identity = Identity.create();
  network.enrol(identity);
  return identity;
}

/** A node of the network on its own port, not started. */
export function nodeOf(
  network: Network,
  options: NodeOptions = {},
  config: NodeConfig["network_config"] = {},
) {
  const identity = member(network);
  const node = makeNode({ identity, ...options }, { network_config: config });
  return Object.assign(node, { publicKey: identity.publicKey, identity });
}

/** What another node needs to connect to it. */
export const addressOf = (node: { publicKey: string } & Node) => ({
  publicKey: node.publicKey,
  addresses: node.addresses,
});

/** A timeout for short waits. */
export const quick = { timeoutMs: 10_000 };

/** Two connected nodes that know each other. */
export async function pair(first: NodeOptions = {}, second: NodeOptions = {}, config: object = {}) {
  const network = Network.create();
  const a = nodeOf(network, first, config);
  const b = nodeOf(network, second, config);
  await Promise.all([a.start(), b.start()]);
  await a.connect(addressOf(b), quick);
  await b.waitForPeer(a.id, quick);
  return { network, a, b };
}
