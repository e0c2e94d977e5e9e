// not remote: a peer creates its own error object from the answer
import { NotFoundError } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const shared = new NotFoundError("ERR_RUNAR_NOT_FOUND", "no such book");
const frozen = Object.freeze(new Error("closed for good"));
const cause = new Error("shared");
const { stack } = cause;
const node = new LaneNode();
node.addService({
  name: "s",
  path: "s",
  actions: {
    async shared() {
      await null;
      throw shared;
    },
    frozenCause: () => Promise.reject(frozen),
    sharedCause: () => Promise.reject(cause),
    never: () => new Promise(() => undefined),
  },
});
await node.start();
const errors = await Promise.all([1, 2, 3].map(() => rejection(node.request("s/shared"))));
say(
  "all the same",
  errors.every((error) => error === shared),
  shared,
);
const before = shared.stack.length;
for (let round = 0; round < 100; round++) await rejection(node.request("s/shared"));
const grown = shared.stack.length - before;
say("its stack does not grow without end", grown < 10_000);
say("a frozen cause", (await rejection(node.request("s/frozenCause"))).cause === frozen);
for (let round = 0; round < 3; round++) {
  say("a shared cause", (await rejection(node.request("s/sharedCause"))).cause === cause);
}
say("unchanged", cause.stack === stack);
const controller = new AbortController();
const call = node.request("s/never", [], { signal: controller.signal });
controller.abort(frozen);
say("a frozen reason", (await rejection(call)) === frozen);
await node.stop();
end();

// trace
// all the same true NotFoundError ERR_RUNAR_NOT_FOUND: no such book
// its stack does not grow without end true
// a frozen cause true
// a shared cause true
// a shared cause true
// a shared cause true
// unchanged true
// a frozen reason true
// end
// exit 0
