import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

process.stderr.write = (text) => {
  say("reported:", String(text).trim());
  return true;
};
const heard = [];
const node = new Node(
  {},
  {
    logger: {
      write(records) {
        for (const { message } of records) {
          heard.push(message);
          node.logger.info(`about ${message}`);
        }
        if (heard.length < 3) Promise.resolve().then(() => node.logger.info("later"));
      },
    },
  },
);
node.logger.info("one");
node.logger.info("two");
await new Promise(setImmediate);
await new Promise(setImmediate);
say(heard);
const { info } = await node.closeLogs();
say(info);
end();

// trace
// reported: runar-ts: a log sink writes records itself; they are dropped
// ["one", "two", "later"]
// {accepted: 6, delivered: 3, dropped: 3, pending: 0}
// end
// exit 0
