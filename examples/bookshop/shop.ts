import { type Identity, Node } from "runar-ts";
import { gateway } from "runar-ts/services";
import { catalog } from "./catalog.js";
import { mailer } from "./mailer.js";
import { makeOrders, type Topics } from "./orders.js";
import { makeStock } from "./stock.js";

/**
 * Opens the shop, with its stock in a file and its counter at a port of this machine. With an identity
 * it is a member of a network.
 */
export async function openShop(file: string, port: number, identity?: Identity) {
  const config = { node_id: "bookshop" };
  const node =
    identity === undefined
      ? new Node(config)
      : new Node({ ...config, network_config: {} }, { identity });
  const stock = makeStock(file);
  const orders = makeOrders(stock);
  const counter = gateway({ path: "counter", listen: port });
  // In this order they start: the orders ask the catalogue what there is, and fill the stock.
  node.addService(catalog);
  node.addService(stock);
  node.addService(orders);
  node.addService(mailer);
  node.addService(counter);
  await node.start();
  return {
    node,
    counter,
    topics: node.topics<Topics>(),
    catalog: node.client<typeof catalog>("catalog"),
    orders: node.client<typeof orders>("orders"),
    mailer: node.client<typeof mailer>("mailer"),
  };
}
