// The call's own, else the action's, else the service's, else the option's, else the config's.
import { Node } from "runar-ts";
import { end, lane, rejection, say } from "../../kit.mjs";

const never = () => new Promise(() => undefined);
const services = [
  { name: "a", path: "a", actions: { plain: never } },
  {
    name: "b",
    path: "b",
    timeoutMs: 13,
    actions: { plain: never, own: { timeoutMs: 12, handler: never } },
  },
];
for (const [config, options] of [
  [{ request_timeout_ms: 15 }, {}],
  [{ request_timeout_ms: 15 }, { requestTimeoutMs: 14 }],
]) {
  const node = new Node(config, { localCalls: lane, ...options });
  for (const service of services) node.addService(service);
  await node.start();
  for (const path of ["a/plain", "b/plain", "b/own"]) {
    say(await rejection(node.request(path)));
    say(await rejection(node.request(path, [], { timeoutMs: 11 })));
    const [service, action] = path.split("/");
    const client = node.client(service);
    say(await rejection(client[action].with({ timeoutMs: 10 })()));
  }
  await node.stop();
}
end();

// trace
// TimeoutError ERR_RUNAR_TIMEOUT: a/plain: no answer within 15 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: a/plain: no answer within 11 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: a/plain: no answer within 10 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/plain: no answer within 13 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/plain: no answer within 11 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/plain: no answer within 10 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/own: no answer within 12 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/own: no answer within 11 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/own: no answer within 10 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: a/plain: no answer within 14 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: a/plain: no answer within 11 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: a/plain: no answer within 10 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/plain: no answer within 13 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/plain: no answer within 11 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/plain: no answer within 10 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/own: no answer within 12 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/own: no answer within 11 ms (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: b/own: no answer within 10 ms (a retry can help)
// end
// exit 0
