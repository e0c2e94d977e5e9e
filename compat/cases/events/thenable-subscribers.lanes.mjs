// What a subscriber returns is awaited: lazy thenables, functions with `then`, promises of other realms.
import { runInNewContext } from "node:vm";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

process.on("unhandledRejection", (error) => say("unhandled", error.message));

const failures = [];
const logger = ({ level, message }) => {
  if (level === "error") failures.push(message);
};
const node = new LaneNode({}, { logger });
node.addService({ name: "a", path: "a", actions: {} });
await node.start();

/** A query builder: it runs when it is awaited, and its `then` returns nothing. */
function lazy(run) {
  return {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what this case is about.
    then(resolve, reject) {
      try {
        resolve(run());
      } catch (error) {
        reject(error);
      }
    },
  };
}

node.on("lazy", () => lazy(() => say("a lazy thenable ran")));
node.on("function", () =>
  Object.assign(
    () => undefined,
    lazy(() => say("a function with then ran")),
  ),
);
node.on("failing", () =>
  lazy(() => {
    throw new Error("failed while it was awaited");
  }),
);
node.on("throwing", () => ({
  // biome-ignore lint/suspicious/noThenProperty: as above.
  then() {
    throw new Error("then threw");
  },
}));
node.on("realm", () => runInNewContext("Promise.reject(new Error('of another realm'))"));

for (const topic of ["lazy", "function", "failing", "throwing", "realm"]) {
  await node.publish(topic, null);
}
await node.stop();
await node.closeLogs();
for (const message of failures) say(message);
end();

// trace
// a lazy thenable ran
// a function with then ran
// a subscriber of failing failed: failed while it was awaited
// a subscriber of throwing failed: then threw
// a subscriber of realm failed: of another realm
// end
// exit 0
