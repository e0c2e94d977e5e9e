import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: "native" });
node.addService({ name: "a", path: "a", actions: { now: (n) => n, later: async (n) => n } });
await node.start();
for (const action of ["now", "later"]) {
  let fired = false;
  setTimeout(() => {
    fired = true;
  }, 5);
  let calls = 0;
  while (!fired && calls < 2_000_000) await node.request(`a/${action}`, [calls++]);
  say(action, "a timer fired", fired);
}
await node.stop();
end();

// trace
// now a timer fired true
// later a timer fired true
// end
// exit 0
