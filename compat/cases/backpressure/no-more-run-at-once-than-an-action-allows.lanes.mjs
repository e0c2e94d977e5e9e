import { Node } from "runar-ts";
import { deferred, end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
let running = 0;
let most = 0;
const order = [];
const other = deferred();
node.addService({
  name: "s",
  path: "s",
  actions: {
    print: {
      concurrency: 3,
      async handler(page) {
        order.push(page);
        most = Math.max(most, ++running);
        for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
        running--;
        return `page ${page}`;
      },
    },
    // The limit is the action's own.
    wait: { concurrency: 1, handler: () => other.promise },
  },
});
await node.start();
const waiting = node.request("s/wait");
const pages = await Promise.all(
  Array.from({ length: 20 }, (_, page) => node.request("s/print", [page])),
);
say("most at once", most, "answers", pages.length, pages[0], pages[19]);
say(
  "in the order of their coming",
  order.every((page, index) => page === index),
);
other.resolve("its own limit");
say(await waiting);
await node.stop();
end();

// trace
// most at once 3 answers 20 page 0 page 19
// in the order of their coming true
// its own limit
// end
// exit 0
