import { Node } from "runar-ts";
import { describe, end, rejection, say } from "../../kit.mjs";

const node = new Node({}, { logger: () => undefined });
node.addService({ name: "good", path: "good", actions: {}, stop: () => say("good is stopped") });
let fails = true;
node.addService({
  name: "bad",
  path: "bad",
  actions: { ping: () => "pong" },
  start: async () => {
    if (fails) throw new Error("port taken");
  },
});
const error = await rejection(node.start());
say(describe(error));
say("details", error.details);
say(node.state);
fails = false;
await node.start();
say(await node.request("bad/ping"));
await node.stop();
end();

// trace
// good is stopped
// LifecycleError ERR_RUNAR_START_FAILED: bad: the start hook failed: port taken
// details {hook: "start", service: "bad"}
// stopped
// pong
// good is stopped
// end
// exit 0
