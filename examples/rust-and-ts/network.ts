import { defineService, Identity, Network, Node, type NodeOptions } from "runar-ts";
import { startRustPeer } from "./rust-peer.js";

export const greeter = defineService({
  name: "greeter",
  path: "greeter",
  actions: {
    // Rust sends named parameters, so the arguments have names.
    hello: { params: ["name"], handler: (name: string) => `Hello, ${name}, from TypeScript!` },
  },
});

/** One network with two members: a node of this program, and an application in Rust. */
export async function startNetwork(program: string, options: Omit<NodeOptions, "identity"> = {}) {
  const network = Network.create();
  const enrolled = () => {
    const identity = Identity.create();
    network.enrol(identity);
    return identity;
  };
  const node = new Node({ network_config: {} }, { ...options, identity: enrolled() });
  node.addService(greeter);
  // Peers are told when they connect what a node listens to.
  const news = node.events<string>("news/weather");
  await node.start();
  const rust = await startRustPeer(program, enrolled());
  await node.connect({ publicKey: rust.publicKey, addresses: [rust.address] });
  // The Rust side calls what it has heard of.
  await rust.next({ event: "peer", change: "discovered", id: node.id });
  return {
    node,
    rust,
    news,
    async stop(): Promise<void> {
      await rust.stop();
      await node.stop();
    },
  };
}
