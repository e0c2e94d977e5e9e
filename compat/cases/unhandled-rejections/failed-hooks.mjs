import { Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

process.on("unhandledRejection", (error) => say("unhandled", error));
for (const hook of ["init", "start"]) {
  const node = new Node({}, { logger: () => undefined });
  const failing = () => Promise.reject(new Error(`${hook} says no`));
  // Only the promise of start() is awaited.
  node.addService({ name: "a", path: "a", actions: {}, [hook]: failing });
  node.addService({ name: "b", path: "b", actions: {} });
  say(await rejection(node.start()));
  say("  state", node.state);
  await new Promise(setImmediate);
}
// The rejection of addService() is older than start() here.
const late = new Node({});
late.addService({ name: "a", path: "a", actions: {}, init: () => Promise.reject(new Error("no")) });
await new Promise((resolve) => setTimeout(resolve, 20));
say("started later", await rejection(late.start()));
const node = new Node({}, { logger: () => undefined });
node.addService({ name: "a", path: "a", actions: {}, stop: () => Promise.reject(new Error("no")) });
await node.start();
const stops = [node.stop(), node.stop()];
for (const stop of stops) say(await rejection(stop));
await new Promise(setImmediate);
say("state", node.state);
end();

// trace
// LifecycleError ERR_RUNAR_INIT_FAILED: a: the init hook failed: init says no
//   state stopped
// LifecycleError ERR_RUNAR_START_FAILED: a: the start hook failed: start says no
//   state stopped
// started later LifecycleError ERR_RUNAR_INIT_FAILED: a: the init hook failed: no
// LifecycleError ERR_RUNAR_STOP_FAILED: a: the stop hook failed: no
// LifecycleError ERR_RUNAR_STOP_FAILED: a: the stop hook failed: no
// state stopped
// end
// exit 0
