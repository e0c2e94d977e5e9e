// not remote: a test node has no network
import { createTestNode } from "runar-ts/testing";
import { end, lane, rejection, say } from "../../kit.mjs";

const service = {
  name: "a",
  path: "a",
  actions: {
    never: () => new Promise(() => {}),
    today: () => new Date(0),
  },
  start: () => say("starts"),
  stop: () => say("stops"),
};
const node = await createTestNode({ services: [service], localCalls: lane });
say(node.state);
say(await rejection(node.request("a/today")));
const hanging = rejection(node.request("a/never"));
await node[Symbol.asyncDispose]();
say(await hanging);
say(node.state);
const broken = { ...service, start: () => Promise.reject(new Error("no disk")) };
say(await rejection(createTestNode({ services: [broken], localCalls: lane })));
end();

// trace
// starts
// running
// ValueError ERR_RUNAR_VALUE: result: a Date cannot cross; send toISOString()
// stops
// LifecycleError ERR_RUNAR_STOPPED: The node has stopped
// stopped
// LifecycleError ERR_RUNAR_START_FAILED: a: the start hook failed: no disk
// end
// exit 0
