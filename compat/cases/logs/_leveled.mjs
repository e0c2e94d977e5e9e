// Prints which records pass the level; started with RUNAR_LOG in its environment.
import { Node } from "runar-ts";

const heard = new Set();
const logger = ({ target, component, level, message }) => {
  if (target === "runar-ts") heard.add(`${component} ${level}: ${message}`);
  else heard.add(`the core's ${component?.split(".")[0]}`);
};
const node = new Node({ logging_config: { default_level: "off" } }, { logger, logLevel: "warn" });
const all = (log) => {
  for (const level of ["debug", "info", "warn"]) log[level]("x");
};
for (const path of ["shop", "bank"]) {
  node.addService({ name: path, path, actions: { log: (ctx) => all(ctx.logger.child({})) } });
}
all(node.logger);
await node.start();
await node.request("shop/log");
await node.request("bank/log");
await node.stop();
console.log([...heard].filter((line) => !line.startsWith("the core's")).join(", ") || "nothing");
console.log(
  [...heard].filter((line) => line.startsWith("the core's")).length > 0
    ? "and the core"
    : "nothing of the core",
);
