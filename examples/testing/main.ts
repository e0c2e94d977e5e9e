import { Node } from "runar-ts";
import { orders } from "./orders.js";
import { stock } from "./stock.js";

const node = new Node({});
node.addService(stock);
node.addService(orders);
await node.start();
const client = node.client<typeof orders>("orders");
console.log("emma, 2 copies:", await client.place("emma", 2));
console.log("emma, 2 copies:", await client.place("emma", 2));
await node.stop();
