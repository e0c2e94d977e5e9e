import { Node } from "runar-ts";
import { deferred, end, say } from "../../kit.mjs";

const gate = deferred();
const heard = [];
const sink = {
  write(records) {
    heard.push(...records);
    return gate.promise;
  },
};
const node = new Node({}, { logger: sink, logLevel: "debug" });
node.logger.info("first");
await new Promise(setImmediate);
say("the sink is busy with", heard.length);
for (let n = 0; n < 20_000; n++) {
  node.logger.debug(`debug ${n}`);
  if (n % 100 === 0) node.logger.error(`error ${n}`);
}
const stats = node.logStats();
say("there is room for 8192:", stats.total.pending <= 8192, stats.total.pending > 7000);
say("errors lost", stats.error.dropped, "debugs lost", stats.debug.dropped > 0);
gate.resolve();
await node.closeLogs();
const { debug, error, warn, total } = node.logStats();
say("all of them", debug.accepted, error.accepted, warn.accepted);
say("pending", total.pending);
const errors = heard.filter(({ level }) => level === "error");
say("errors heard", errors.length, "lost", error.dropped);
const reports = heard.filter(({ fields }) => fields?.dropped);
const told = reports.reduce((sum, { fields }) => sum + fields.dropped.debug, 0);
say("reports", reports.length, reports[0].level, reports[0].component, reports[0].target);
say("they tell of all that is missing", told === debug.dropped);
say(reports[0].message.replace(/\d+/, "(so many)"));
say("right after the first", heard.indexOf(reports[0]));
const numbers = heard.filter(({ level }) => level === "debug").map(({ message }) => message);
say("the last is there", numbers.at(-1));
const seqs = heard.map(({ seq }) => seq);
say(
  "seq without gaps",
  seqs.every((seq, index) => seq === index + 1),
);
end();

// trace
// the sink is busy with 1
// there is room for 8192: true true
// errors lost 0 debugs lost true
// all of them 20000 200 1
// pending 0
// errors heard 200 lost 0
// reports 1 warn Node runar-ts
// they tell of all that is missing true
// (so many) log records were dropped: more came than the sink takes
// right after the first 1
// the last is there debug 19999
// seq without gaps true
// end
// exit 0
