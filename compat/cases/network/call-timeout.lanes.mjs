// not remote: the case has two nodes in every lane
import { end, rejection, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const { here, there } = await pair((_, b) =>
  b.addService({
    name: "slow",
    path: "slow",
    actions: {
      never: () => new Promise(() => undefined),
      short: { timeoutMs: 50, handler: () => new Promise(() => undefined) },
      now: () => "now",
    },
  }),
);
say("the caller's", await rejection(here.request("slow/never", undefined, { timeoutMs: 100 })));
say("the action's", await rejection(here.request("slow/short")));
const controller = new AbortController();
const given = rejection(here.request("slow/never", undefined, { signal: controller.signal }));
say("meanwhile", await here.request("slow/now"));
controller.abort(new Error("enough"));
say("the signal's", (await given).message);
await here.stop();
await there.stop({ drainMs: 0 });
end();

// trace
// the caller's TimeoutError ERR_RUNAR_TIMEOUT: slow/never: no answer within 100 ms (a retry can help)
// the action's TimeoutError ERR_RUNAR_TIMEOUT: slow/short: no answer within 50 ms (a retry can help)
// meanwhile now
// the signal's enough
// end
// exit 0
