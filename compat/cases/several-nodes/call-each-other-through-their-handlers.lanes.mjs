import { Node } from "runar-ts";
import { end, lane, rejection, say } from "../../kit.mjs";

const [a, b] = [1, 2].map(() => new Node({}, { localCalls: lane }));
a.addService({
  name: "ping",
  path: "ping",
  actions: {
    play: async (n) => (n === 0 ? [] : ["ping", ...(await b.request("pong/play", [n - 1]))]),
    throws: () => {
      throw new RangeError("deep down");
    },
  },
});
b.addService({
  name: "pong",
  path: "pong",
  actions: {
    play: async (n) => (n === 0 ? [] : ["pong", ...(await a.request("ping/play", [n - 1]))]),
    passOn: () => a.request("ping/throws"),
  },
});
await Promise.all([a.start(), b.start()]);
say(await a.request("ping/play", [5]));
const error = await rejection(b.request("pong/passOn"));
say(error, "cause:", error.cause);
await Promise.all([a.stop(), b.stop()]);
end();

// trace
// ["ping", "pong", "ping", "pong", "ping"]
// ActionError ERR_RUNAR_ACTION: ping/throws: deep down cause: RangeError: deep down
// end
// exit 0
