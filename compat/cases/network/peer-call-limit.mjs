import { deferred, end, rejection, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const gate = deferred();
const { here, there } = await pair(
  (_, b) =>
    b.addService({
      name: "s",
      path: "s",
      actions: { wait: () => gate.promise, now: () => "now" },
    }),
  { max_calls_per_peer: 3 },
);
const waiting = [1, 2, 3].map(() => here.request("s/wait"));
const error = await rejection(here.request("s/now"));
say(error.name, error.code, error.message.replace(there.id, "<there>"), error.retryable);
gate.resolve("done");
say(await Promise.all(waiting));
say("there is room again", await here.request("s/now"));
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// OverloadError ERR_RUNAR_OVERLOAD s/now: the peer <there> has more calls to answer than may wait for it true
// ["done", "done", "done"]
// there is room again now
// end
// exit 0
