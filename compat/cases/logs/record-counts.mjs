import { Node } from "runar-ts";
import { deferred, end, say } from "../../kit.mjs";

const isTrue = (stats) =>
  Object.values(stats).every((n) => n.accepted === n.delivered + n.dropped + n.pending);
const gate = deferred();
let taken = 0;
const sink = {
  write(records) {
    taken += records.length;
    return gate.promise;
  },
};
const config = { logging_config: { default_level: "debug" } };
const node = new Node(config, { logger: sink });
say("before", node.logStats().total);
node.logger.trace("not asked for");
node.logger.info("one");
node.logger.error("two");
say("pending", node.logStats().info, node.logStats().error, node.logStats().trace);
node.addService({
  name: "a",
  path: "a",
  actions: {
    log: (ctx) => {
      for (let n = 0; n < 100; n++) ctx.logger.debug(`${n}`);
    },
  },
});
await node.start();
await node.request("a/log");
const busy = node.logStats();
say("while the sink is busy", isTrue(busy), busy.total.delivered, busy.total.pending > 100);
gate.resolve();
await node.stop();
const stopped = node.logStats();
say("stopped", isTrue(stopped), "pending", stopped.total.pending, "dropped", stopped.total.dropped);
say("the sink counts the same", stopped.total.delivered === taken);
node.logger.warn("after the stop");
const closed = await node.closeLogs();
say("closed", isTrue(closed), closed.total.delivered === taken, closed.warn.delivered);
node.logger.warn("after the end");
say("after", node.logStats().warn.dropped, node.logStats().total.pending);
end();

// trace
// before {accepted: 0, delivered: 0, dropped: 0, pending: 0}
// pending {accepted: 1, delivered: 0, dropped: 0, pending: 1} {accepted: 1, delivered: 0, dropped: 0, pending: 1} {accepted: 0, delivered: 0, dropped: 0, pending: 0}
// while the sink is busy true 0 true
// stopped true pending 0 dropped 0
// the sink counts the same true
// closed true true 1
// after 1 0
// end
// exit 0
