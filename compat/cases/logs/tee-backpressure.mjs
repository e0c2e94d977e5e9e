import { Node } from "runar-ts";
import { tee } from "runar-ts/logging";
import { deferred, end, say } from "../../kit.mjs";

const gate = deferred();
const logger = tee(
  { write: (records) => say("quick", records.length), flush: () => say("quick flushes") },
  {
    async write(records) {
      say("slow begins", records.length);
      await gate.promise;
      say("slow ends");
    },
    async flush() {
      await null;
      say("slow flushes");
    },
  },
);
const node = new Node({}, { logger });
node.logger.info("one");
await new Promise(setImmediate);
node.logger.info("two");
await new Promise(setImmediate);
say("waits", node.logStats().total.pending);
gate.resolve();
const { total } = await node.closeLogs();
say(total);
end();

// trace
// quick 1
// slow begins 1
// waits 2
// slow ends
// quick 1
// slow begins 1
// slow ends
// quick flushes
// slow flushes
// {accepted: 2, delivered: 2, dropped: 0, pending: 0}
// end
// exit 0
