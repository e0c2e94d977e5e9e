import { Node } from "runar-ts";
import { deferred, end, say } from "../../kit.mjs";

const turns = [deferred(), deferred()];
let batches = 0;
const sink = {
  async write(records) {
    const batch = ++batches;
    say(
      "batch",
      batch,
      records.map(({ message }) => message),
    );
    await turns[batch - 1]?.promise;
    say("batch", batch, "was taken");
  },
  async flush() {
    await null;
    say("flushed");
  },
};
const node = new Node({}, { logger: sink });
node.logger.info("one");
node.logger.info("two");
await new Promise(setImmediate);
// Only one record: batches are smaller after a slow write, and two could be split.
node.logger.info("three");
await new Promise(setImmediate);
say("pending", node.logStats().total.pending, "delivered", node.logStats().total.delivered);
turns[0].resolve();
await new Promise(setImmediate);
say("pending", node.logStats().total.pending, "delivered", node.logStats().total.delivered);
turns[1].resolve();
await node.start();
await node.stop();
say("stopped", node.logStats().total.pending);
await node.closeLogs();
say("closed");
end();

// trace
// batch 1 ["one", "two"]
// pending 3 delivered 0
// batch 1 was taken
// batch 2 ["three"]
// pending 1 delivered 2
// batch 2 was taken
// flushed
// stopped 0
// flushed
// closed
// end
// exit 0
