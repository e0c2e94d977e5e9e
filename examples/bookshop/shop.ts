import { Node } from "runar-ts";
import { catalog } from "./catalog.js";
import { mailer } from "./mailer.js";
import { type Order, orders } from "./orders.js";

/** What is published in the shop, and where. */
export interface Topics {
  "orders/placed": Order & { total: number };
  "orders/refused": Order;
}

export async function openShop() {
  const node = new Node({ node_id: "bookshop" });
  // In this order they start: the orders ask the catalogue what there is.
  node.addService(catalog);
  node.addService(orders);
  node.addService(mailer);
  await node.start();
  return {
    node,
    topics: node.topics<Topics>(),
    catalog: node.client<typeof catalog>("catalog"),
    orders: node.client<typeof orders>("orders"),
    mailer: node.client<typeof mailer>("mailer"),
  };
}
