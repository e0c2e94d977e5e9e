import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ActionError, Identity, Network } from "runar-ts";
import type { Book } from "./catalog.js";
import { openOffice } from "./office.js";
import { OutOfStockError } from "./orders.js";
import { openShop } from "./shop.js";

const CUSTOMERS = 1_000;
/** What they want: each customer so many copies of one of these. */
const WANTED = [
  { id: "pride-and-prejudice", count: 1 },
  { id: "frankenstein", count: 2 },
  { id: "moby-dick", count: 1 },
  { id: "around-the-world-in-eighty-days", count: 1 },
  { id: "dracula", count: 3 },
];

const folder = mkdtempSync(join(tmpdir(), "bookshop-"));
const file = join(folder, "bookshop.db");
const shop = await openShop(file, 0);

async function showFailure(what: string, call: Promise<unknown>) {
  const error: unknown = await call.catch((error: unknown) => error);
  console.log(`${what}:\n  ${error}`);
}

const found = await shop.catalog.search("austen");
console.log(`A search for "austen":`);
for (const { title, year } of found) console.log(`  ${year} ${title}`);

const book = await shop.node.request<Book>("catalog/books/dracula");
console.log(`A book by its path:\n  ${book.title}, ${book.author}, ${book.year}`);

await showFailure("A book that is not there", shop.node.request("catalog/books/necronomicon"));
await showFailure(
  "An order that makes no sense",
  shop.orders.place({ customer: "", id: "dracula", count: 0.5 }),
);
await showFailure(
  "Waiting for a letter before anything is ordered",
  shop.mailer.letters.with({ timeoutMs: 20 })(1),
);
const leaving = new AbortController();
const wait = shop.mailer.letters.with({ signal: leaving.signal })(1);
leaving.abort(new Error("the customer has left"));
await showFailure("Giving up before that", wait);

const sold = new Map<string, number>();
const refused = new Map<string, number>();
const add = (to: Map<string, number>, id: string, count: number) =>
  to.set(id, (to.get(id) ?? 0) + count);
shop.topics.on("orders/placed", ({ value }) => add(sold, value.id, value.count));
shop.topics.on("orders/refused", ({ value }) => add(refused, value.id, value.count));

let revenue = 0;
let apologiesDue = 0;
async function order(customer: string, wanted: { id: string; count: number }) {
  try {
    const total = await shop.orders.place({ customer, ...wanted });
    revenue += total;
  } catch (error) {
    if (!(error instanceof ActionError && error.cause instanceof OutOfStockError)) throw error;
    apologiesDue++;
  }
}
const visits: Promise<void>[] = [];
for (let visit = 0; visit < CUSTOMERS / WANTED.length; visit++) {
  for (const wanted of WANTED) visits.push(order(`customer ${visits.length + 1}`, wanted));
}
await Promise.all(visits);

console.log(`\n${visits.length} orders at once, in copies:`);
const columns = ["stock", "ordered", "sold", "left", "refused"];
const row = (title: string, cells: (string | number)[]) =>
  console.log(`  ${title.padEnd(32)}${cells.map((cell) => String(cell).padStart(8)).join("")}`);
row("", columns);
const leftOf = new Map<string, number>();
let isRight = true;
for (const { id, count } of WANTED) {
  const { title, stock } = await shop.node.request<Book>(`catalog/books/${id}`);
  const left = await shop.orders.stock(id);
  const [bought, missed] = [sold.get(id) ?? 0, refused.get(id) ?? 0];
  leftOf.set(id, left);
  const ordered = (CUSTOMERS / WANTED.length) * count;
  row(title, [stock, ordered, bought, left, missed]);
  isRight &&= left >= 0 && bought + left === stock && bought + missed === ordered;
}
console.log(`Taken: ${(revenue / 100).toFixed(2)}`);

const letters = await shop.mailer.letters(visits.length);
const apologies = letters.filter(({ kind }) => kind === "apology").length;
console.log(
  `Letters sent: ${letters.length}, of which ${apologies} apologise to customers who got nothing`,
);
isRight &&= letters.length === visits.length && apologies === apologiesDue;

await shop.node.stop();

// Another node, and what is left is still there. From now on the shop has an office.
const network = Network.create();
const [shopKeys, officeKeys] = [Identity.create(), Identity.create()];
for (const identity of [shopKeys, officeKeys]) network.enrol(identity);
const nextDay = await openShop(file, 0, shopKeys);
const { addresses } = nextDay.node;
const office = await openOffice(officeKeys, { publicKey: shopKeys.publicKey, addresses });
for (const [id, left] of leftOf) isRight &&= (await nextDay.orders.stock(id)) === left;
console.log("\nThe next day, over HTTP:");

async function post(path: string, payload: unknown) {
  const response = await fetch(`${nextDay.counter.url}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(payload),
  });
  console.log(`  ${path}: ${response.status} ${await response.text()}`);
}
await post("orders/stock", ["frankenstein"]);
await post("orders/place", { customer: "latecomer", id: "frankenstein", count: 1 });
await post("orders/place", { customer: "latecomer", id: "frankenstein", count: 1 });

console.log("\nThe office, on another node of the network:");
const { value: sale } = await office.sales.next();
console.log(`  hears: ${sale?.value.customer} has bought ${sale?.value.count} x ${sale?.value.id}`);
console.log(`  asks: ${await office.orders.stock("frankenstein")} left of frankenstein`);
await office.node.stop();
await nextDay.node.stop();
rmSync(folder, { recursive: true });

console.log(isRight ? "The books balance." : "The books do not balance!");
if (!isRight) process.exitCode = 1;
