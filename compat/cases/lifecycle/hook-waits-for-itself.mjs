// A hook that awaits what waits for the hook fails at once. What it asked for happens all the same.
import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const code = (promise) =>
  promise.then(
    () => "waited",
    (error) => `${error.code} ${error.message}`,
  );
const later = () => new Promise((resolve) => setTimeout(resolve, 1));

async function started(hooks, extra) {
  const node = new Node({}, { logger: () => undefined });
  const service = { name: "a", path: "a", actions: {} };
  for (const [name, hook] of Object.entries(hooks)) {
    service[name] = async (ctx) => {
      await later();
      say(`  ${name}:`, await code(hook(ctx.node)));
    };
  }
  await node.addService(service);
  if (extra) await node.addService(extra);
  await node.start();
  return node;
}

say("stop in start");
let node = await started({ start: (node) => node.stop() });
await node.stop();
say(node.state);

say("start in start");
node = await started({ start: (node) => node.start() });
say(node.state);
await node.stop();

say("stop and start in stop");
node = await started({ stop: (node) => node.stop() });
await node.stop();
say(node.state);
let isFirst = true;
node = await started({
  async stop(node) {
    if (!isFirst) return;
    isFirst = false;
    await node.start();
  },
});
await node.stop();
await node.start();
say(node.state);
await node.stop();

say("start in init");
node = await started({ init: (node) => node.start() });
say(node.state);
await node.stop();

say("removal in start");
node = await started({ start: (node) => node.removeService("a") });
while (node.state !== "running") await later();
say(await code(node.request("a/x")));
await node.stop();

say("removal in the stop of a removal");
node = await started({ stop: (node) => node.removeService("a") });
await node.removeService("a");
await node.stop();

say("a wait for itself, and for one that starts later");
node = await started(
  { start: (node) => node.waitForService("b") },
  { name: "b", path: "b", actions: {} },
);
await node.stop();
node = await started({ start: (node) => node.waitForService("a") });
await node.stop();

say("by way of an action, and of a helper");
node = new Node({}, { logger: () => undefined });
await node.addService({
  name: "b",
  path: "b",
  actions: { quit: (ctx) => code(ctx.node.stop()) },
});
await node.addService({
  name: "a",
  path: "a",
  actions: {},
  async start(ctx) {
    await Promise.resolve();
    say("  action:", await ctx.request("b/quit"));
  },
});
await node.start();
await node.stop();
say(node.state);

say("what a hook does not await");
node = new Node({}, { logger: () => undefined });
let stopping;
await node.addService({
  name: "a",
  path: "a",
  actions: {},
  start(ctx) {
    ctx.node.on("up", () => {
      stopping = ctx.node.stop();
    });
    return ctx.publish("up");
  },
});
await node.start();
await stopping;
say(node.state);
end();

// trace
// stop in start
//   start: ERR_RUNAR_SERVICE_NOT_RUNNING stop(): the start hook of a cannot wait for it, because it waits for the hook
// stopped
// start in start
//   start: ERR_RUNAR_SERVICE_NOT_RUNNING start(): the start hook of a cannot wait for it, because it waits for the hook
// running
// stop and start in stop
//   stop: ERR_RUNAR_SERVICE_NOT_RUNNING stop(): the stop hook of a cannot wait for it, because it waits for the hook
// stopped
//   stop: ERR_RUNAR_SERVICE_NOT_RUNNING start(): the stop hook of a cannot wait for it, because it waits for the hook
// running
//   stop: waited
// start in init
//   init: ERR_RUNAR_SERVICE_NOT_RUNNING start(): the init hook of a cannot wait for it, because it waits for the hook
// running
// removal in start
//   start: ERR_RUNAR_SERVICE_NOT_RUNNING removeService("a"): the start hook of a cannot wait for it, because it waits for the hook
// ERR_RUNAR_NOT_FOUND a/x: no service has this action
// removal in the stop of a removal
//   stop: ERR_RUNAR_SERVICE_NOT_RUNNING removeService("a"): the stop hook of a cannot wait for it, because it waits for the hook
// a wait for itself, and for one that starts later
//   start: ERR_RUNAR_SERVICE_NOT_RUNNING the service b: the start hook of a cannot wait for it, because it waits for the hook
//   start: ERR_RUNAR_SERVICE_NOT_RUNNING the service a: the start hook of a cannot wait for it, because it waits for the hook
// by way of an action, and of a helper
//   action: ERR_RUNAR_SERVICE_NOT_RUNNING stop(): the start hook of a cannot wait for it, because it waits for the hook
// stopped
// what a hook does not await
// stopped
// end
// exit 0
