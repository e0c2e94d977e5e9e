import { AsyncLocalStorage } from "node:async_hooks";
import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const storage = new AsyncLocalStorage();
const node = new Node({});
const hook = (name) => async () => {
  say(name, storage.getStore());
  await null;
  say(name, storage.getStore());
};
const definition = { name: "a", path: "a", actions: {} };
const hooks = { init: hook("init"), start: hook("start"), stop: hook("stop") };
await storage.run("adds", () => node.addService({ ...definition, ...hooks }));
await storage.run("starts", () => node.start());
await storage.run("stops", () => node.stop());
say("outside", storage.getStore());
end();

// trace
// init adds
// init adds
// start starts
// start starts
// stop stops
// stop stops
// outside undefined
// end
// exit 0
