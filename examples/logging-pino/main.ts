import { Node } from "runar-ts";
import { makeLogger } from "./logger.js";
import { shop } from "./shop.js";

// Everything goes to one logger: what handlers write, what the program writes, what the core writes.
const node = new Node({ node_id: "bookshop" }, { logger: makeLogger(), redact: ["payment.card"] });
node.addService(shop);
await node.start();
node.logger.info("open");

const client = node.client<typeof shop>("shop");
await client.order.with({ requestId: "r-1" })("dracula", "4111 1111 1111 1111");
await client.recount.with({ requestId: "r-2" })();
node.setLogLevel("debug", { component: "shop" });
await client.order.with({ requestId: "r-3" })("emma", "4111 1111 1111 1111");

await node.stop(); // delivers what is pending
