// Writes far more records than a pipe holds, by the default sink, and ends in the way that is named.
import { Node } from "runar-ts";

const [, , way] = process.argv;
const node = new Node();
const tell = () => {
  const { accepted, delivered, dropped, pending } = node.logStats().total;
  const isTrue = accepted === delivered + dropped + pending;
  console.log(`the counts are true: ${isTrue}, dropped: ${dropped}, pending: ${pending}`);
};
await node.start();
for (let index = 0; index < 20_000; index++) node.logger.info(`entry ${"x".repeat(1000)}`);
if (way === "closeLogs") tell(await node.closeLogs());
if (way === "stop") tell(await node.stop());
if (way !== "the end") process.exit(0);
