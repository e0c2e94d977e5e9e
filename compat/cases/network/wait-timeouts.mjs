import { end, rejection, say } from "../../kit.mjs";
import { makeNetwork } from "./_members.mjs";

const { member, addressOf } = makeNetwork();
const [here, absent] = [member(), member()];
await absent.start();
const nowhere = { ...addressOf(absent), addresses: ["127.0.0.1:1"] };
await absent.stop();
await here.start();
say(await rejection(here.waitForPeer("nobody", { timeoutMs: 30 })));
say(await rejection(here.waitForPeer(undefined, { timeoutMs: 30 })));
say(await rejection(here.waitForService("math", { timeoutMs: 30 })));
const unreachable = await rejection(here.connect(nowhere, { timeoutMs: 200 }));
say(unreachable.name, unreachable.code, unreachable.retryable);
const controller = new AbortController();
const { signal } = controller;
const all = [
  rejection(here.waitForPeer("nobody", { signal })),
  rejection(here.waitForService("math", { signal })),
  rejection(here.connect(nowhere, { signal })),
];
controller.abort(new Error("enough"));
for (const given of await Promise.all(all)) say(given.message);
await here.stop();
say(await rejection(here.connect(nowhere)));
end();

// trace
// TimeoutError ERR_RUNAR_TIMEOUT: the peer nobody: not connected within 30 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: any peer: not connected within 30 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: the service math: offered by nobody within 30 ms (a retry can help)
// NetworkError ERR_RUNAR_PEER_UNREACHABLE true
// enough
// enough
// enough
// LifecycleError ERR_RUNAR_STOPPED: connect: the node is stopped
// end
// exit 0
