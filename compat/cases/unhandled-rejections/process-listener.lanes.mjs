import { RunarError } from "runar-ts";
import { deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

let told = deferred();
process.on("unhandledRejection", (error) => told.resolve(error));
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    fails: async () => {
      throw new Error("no");
    },
    never: () => new Promise(() => undefined),
    // Its nested call fails and is not awaited.
    careless: (ctx) => {
      ctx.request("a/fails");
      return "answered";
    },
    ping: () => "pong",
  },
});
await node.start();
const careless = {
  "a call": () => node.request("a/fails"),
  "a path of nobody": () => node.request("a/nothing"),
  "a deadline": () => node.request("a/never", [], { timeoutMs: 5 }),
  "a bad option": () => node.request("a/ping", [], { timeout: 5 }),
  "an event": () => node.publish("a b"),
};
async function main() {
  const alive = setInterval(() => undefined, 1_000);
  for (const [name, begin] of Object.entries(careless)) {
    told = deferred();
    begin();
    const error = await told.promise;
    say(name, error, error instanceof RunarError);
  }
  told = deferred();
  say(await node.request("a/careless"), "and", await told.promise);
  say("the node goes on:", await node.request("a/ping"));
  await node.stop({ drainMs: 0 });
  clearInterval(alive);
  end();
}
main();

// trace
// a call ActionError ERR_RUNAR_ACTION: a/fails: no true
// a path of nobody NotFoundError ERR_RUNAR_NOT_FOUND: a/nothing: no service has this action true
// a deadline TimeoutError ERR_RUNAR_TIMEOUT: a/never: no answer within 5 ms (a retry can help) true
// a bad option InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeout: unknown key, did you mean timeoutMs? true
// an event InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a b": has spaces or one of : { } true
// answered and ActionError ERR_RUNAR_ACTION: a/fails: no
// the node goes on: pong
// end
// exit 0
