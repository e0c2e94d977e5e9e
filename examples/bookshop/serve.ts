import { openShop } from "./shop.js";

const shop = await openShop("bookshop.db", Number(process.argv[2] ?? 8080));
console.log(`The shop is open at ${shop.counter.url}; Ctrl-C closes it.`);
process.once("SIGINT", () => shop.node.stop());
