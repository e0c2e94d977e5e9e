// Writes records to a reader that goes away, until it has lost some, and tells what became of them.
import { Node } from "runar-ts";

const warnings = [];
process.on("warning", ({ message }) => warnings.push(message));
const node = new Node();
await node.start();
while (node.logStats().total.dropped < 3) {
  node.logger.info("for the reader");
  await new Promise((resolve) => setTimeout(resolve, 10));
}
await node.stop();
await new Promise((resolve) => setTimeout(resolve, 10));
const { accepted, delivered, dropped, pending } = node.logStats().total;
console.log(
  `delivered some: ${delivered > 0}, the counts are true: ${accepted === delivered + dropped + pending}, pending: ${pending}`,
);
for (const warning of warnings) console.log(warning);
