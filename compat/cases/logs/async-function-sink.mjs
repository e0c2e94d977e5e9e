import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

let running = 0;
let most = 0;
const heard = [];
const logger = async ({ message }) => {
  most = Math.max(most, ++running);
  await new Promise(setImmediate);
  heard.push(message);
  running--;
  if (message === "three") throw new Error("not this one");
};
process.stderr.write = (text) => {
  say("reported:", String(text).trim());
  return true;
};
const node = new Node({}, { logger });
for (const message of ["one", "two", "three", "four"]) node.logger.info(message);
const { info } = await node.closeLogs();
say(heard, "at once", most);
say(info);
end();

// trace
// reported: runar-ts: a log sink failed; its records are lost: not this one
// ["one", "two", "three", "four"] at once 1
// {accepted: 4, delivered: 3, dropped: 1, pending: 0}
// end
// exit 0
