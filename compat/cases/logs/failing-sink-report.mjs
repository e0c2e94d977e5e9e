import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

process.stderr.write = (text) => {
  say("reported:", String(text).trim());
  return true;
};
const failing = {
  throws: () => {
    throw new Error("disk full");
  },
  rejects: { write: () => Promise.reject(new Error("no network")) },
  "throws nothing": () => Promise.reject(),
  "is an async function": async () => {
    throw new Error("closed");
  },
};
for (const [name, logger] of Object.entries(failing)) {
  say(name);
  const node = new Node({}, { logger });
  for (let n = 0; n < 3; n++) {
    node.logger.info("lost");
    await new Promise(setImmediate);
  }
  await node.start();
  await node.stop();
}
say("one record that fails takes no other with it");
const heard = [];
const node = new Node(
  {},
  {
    logger: ({ message }) => {
      if (message === "bad") throw new Error("cannot take it");
      heard.push(message);
    },
  },
);
for (const message of ["one", "bad", "two"]) node.logger.info(message);
await new Promise(setImmediate);
await new Promise(setImmediate);
say(heard);
end();

// trace
// throws
// reported: runar-ts: a log sink failed; its records are lost: disk full
// rejects
// reported: runar-ts: a log sink failed; its records are lost: no network
// throws nothing
// reported: runar-ts: a log sink failed; its records are lost: undefined
// is an async function
// reported: runar-ts: a log sink failed; its records are lost: closed
// one record that fails takes no other with it
// reported: runar-ts: a log sink failed; its records are lost: cannot take it
// ["one", "two"]
// end
// exit 0
