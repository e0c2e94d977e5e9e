import { ActionError, Node, NotFoundError, OverloadError } from "runar-ts";
import { end, lane, rejection, say } from "../../kit.mjs";

const mine = new OverloadError("ERR_RUNAR_OVERLOAD", "the kitchen is full", {
  details: { tables: 12, free: [] },
  cause: new Error("a party of 40"),
});
const node = new Node({}, { localCalls: lane });
node.addService({
  name: "inn",
  path: "inn",
  actions: {
    now: () => {
      throw mine;
    },
    later: async () => {
      await null;
      throw mine;
    },
    relay: (ctx) => ctx.request("inn/later"),
    nowhere: (ctx) => ctx.request("inn/cellar"),
    wrapped: async (ctx) => {
      try {
        await ctx.request("inn/now");
      } catch (cause) {
        throw new TypeError("no supper", { cause });
      }
    },
  },
});
await node.start();
for (const action of ["now", "later", "relay"]) {
  const error = await rejection(node.request(`inn/${action}`));
  say(action, error, error instanceof OverloadError, error === mine);
  say(action, error.details, error.cause.message);
}
const missing = await rejection(node.request("inn/nowhere"));
say(missing, missing instanceof NotFoundError, missing.details);
const wrapped = await rejection(node.request("inn/wrapped"));
say(wrapped, wrapped instanceof ActionError);
say("cause", wrapped.cause, "behind it", wrapped.cause.cause === mine);
await node.stop();
end();

// trace
// now OverloadError ERR_RUNAR_OVERLOAD: the kitchen is full (a retry can help) true true
// now {free: [], tables: 12} a party of 40
// later OverloadError ERR_RUNAR_OVERLOAD: the kitchen is full (a retry can help) true true
// later {free: [], tables: 12} a party of 40
// relay OverloadError ERR_RUNAR_OVERLOAD: the kitchen is full (a retry can help) true true
// relay {free: [], tables: 12} a party of 40
// NotFoundError ERR_RUNAR_NOT_FOUND: inn/cellar: no service has this action true {path: "inn/cellar"}
// ActionError ERR_RUNAR_ACTION: inn/wrapped: no supper true
// cause TypeError: no supper behind it true
// end
// exit 0
