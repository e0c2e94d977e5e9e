import { end, say, thrown } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const heard = [];
const logger = (record) => heard.push(record);
const node = new LaneNode({}, { logger });
for (const path of ["shop", "bank"]) {
  node.addService({
    name: path,
    path,
    actions: { log: (ctx) => ctx.logger.debug(path), ask: (ctx) => ctx.logger.isEnabled("debug") },
  });
}
await node.start();
const round = async (what) => {
  heard.length = 0;
  for (const path of ["shop", "bank"]) await node.request(`${path}/log`);
  node.logger.debug("program");
  await new Promise(setImmediate);
  const own = heard.filter(({ target }) => target === "runar-ts");
  say(
    what,
    own.map(({ message }) => message),
  );
};
await round("at first");
node.setLogLevel("debug", { component: "shop" });
await round("one service");
say("isEnabled", await node.request("shop/ask"), await node.request("bank/ask"));
node.setLogLevel("debug", { component: "Service" });
await round("all services");
node.setLogLevel("off", { component: "shop" });
await round("but one");
node.setLogLevel("debug", { component: "Node" });
await round("and the program");
node.setLogLevel("error");
await round("everything");
await node.stop();
heard.length = 0;
node.setLogLevel("debug", { component: "Keys" });
await node.start();
await node.stop();
say("of the core", heard.length > 0, [...new Set(heard.map(({ component }) => component))]);
for (const options of [{ component: 5 }, { components: "a" }, null]) {
  say(thrown(() => node.setLogLevel("info", options)));
}
end();

// trace
// at first []
// one service ["shop"]
// isEnabled true false
// all services ["shop", "bank"]
// but one ["bank"]
// and the program ["bank", "program"]
// everything []
// of the core false []
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.component: expected a string, got a number
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.components: unknown key, did you mean component?
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got null
// end
// exit 0
