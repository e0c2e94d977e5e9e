import { Node } from "runar-ts";
import { deferred, end, rejection, say } from "../../kit.mjs";

const gate = deferred();
const node = new Node({}, { logger: { write: () => gate.promise } });
node.logger.info("with the sink");
await new Promise(setImmediate);
node.logger.info("waits");
const stats = await node.closeLogs({ deadlineMs: 20 });
say(stats.info);
node.logger.info("too late");
say("what comes later is dropped", node.logStats().info);
gate.resolve();
await node.closeLogs({ deadlineMs: 1_000 });
say("the sink goes on", node.logStats().info);
for (const options of [{ deadlineMs: 0 }, { deadline: 5 }, 5]) {
  say(await rejection(node.closeLogs(options)));
}
const failing = new Node(
  {},
  {
    logger: {
      write: () => undefined,
      flush: () => Promise.reject(new Error("cannot flush")),
    },
  },
);
process.stderr.write = (text) => {
  say("reported:", String(text).trim());
  return true;
};
failing.logger.info("taken");
say("never rejects on account of the sink", (await failing.closeLogs()).info);
end();

// trace
// {accepted: 2, delivered: 0, dropped: 0, pending: 2}
// what comes later is dropped {accepted: 3, delivered: 0, dropped: 1, pending: 2}
// the sink goes on {accepted: 3, delivered: 2, dropped: 1, pending: 0}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.deadlineMs: expected a number of milliseconds above 0, got 0
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.deadline: unknown key, did you mean deadlineMs?
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got a number
// reported: runar-ts: a log sink did not flush: cannot flush
// never rejects on account of the sink {accepted: 1, delivered: 1, dropped: 0, pending: 0}
// end
// exit 0
