import { type Identity, Node, type PeerAddress } from "runar-ts";
import type { makeOrders, Topics } from "./orders.js";

/** Another node of the network: it hears of the shop's orders, and asks its services. */
export async function openOffice(identity: Identity, shop: PeerAddress) {
  const node = new Node({ node_id: "office", network_config: {} }, { identity });
  // Peers are told when they connect what a node listens to.
  const sales = node.topics<Topics>().events("orders/placed");
  await node.start();
  await node.connect(shop);
  return {
    node,
    sales,
    orders: node.client<ReturnType<typeof makeOrders>>("orders"),
  };
}
