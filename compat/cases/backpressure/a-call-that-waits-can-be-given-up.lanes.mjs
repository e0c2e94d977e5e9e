import { Node } from "runar-ts";
import { deferred, end, lane, rejection, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
const gate = deferred();
const ran = [];
node.addService({
  name: "s",
  path: "s",
  actions: {
    print: {
      concurrency: 1,
      queue: 2,
      async handler(name) {
        ran.push(name);
        await gate.promise;
        return name;
      },
    },
  },
});
await node.start();
const first = node.request("s/print", ["first"]);
const controller = new AbortController();
const aborted = node.request("s/print", ["aborted"], { signal: controller.signal });
const late = node.request("s/print", ["late"], { timeoutMs: 20 });
say("a full queue", (await rejection(node.request("s/print", ["refused"]))).code);
controller.abort(new Error("not waiting"));
say(await rejection(aborted));
say(await rejection(late));
const others = ["second", "third"].map((name) => node.request("s/print", [name]));
say("full again", (await rejection(node.request("s/print", ["refused"]))).code);
gate.resolve();
say(await first, ...(await Promise.all(others)));
say("ran", ran);
await node.stop();
end();

// trace
// a full queue ERR_RUNAR_OVERLOAD
// Error: not waiting
// TimeoutError ERR_RUNAR_TIMEOUT: s/print: no answer within 20 ms (a retry can help)
// full again ERR_RUNAR_OVERLOAD
// first second third
// ran ["first", "second", "third"]
// end
// exit 0
