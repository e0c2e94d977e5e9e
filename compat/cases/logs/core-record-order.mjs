import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const heard = [];
const config = { logging_config: { default_level: "debug" } };
const node = new Node(config, { logger: (record) => heard.push(record) });
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
const mark = (message) => node.logger.info(message);
const between = (from, to) => {
  const [first, last] = [from, to].map((mark) =>
    heard.findIndex(({ message }) => message === mark),
  );
  return heard.slice(first + 1, last).length > 0;
};
mark("starting");
await node.start();
mark("started");
await node.stop();
mark("stopped");
await node.closeLogs();
say("the core's records of the start lie between", between("starting", "started"));
say("and those of the stop", between("started", "stopped"));
say("last", heard.at(-1).message);
const times = (own) =>
  heard.filter(({ target }) => (target === "runar-ts") === own).map(({ time }) => time);
const rising = (list) => list.every((time, index) => index === 0 || time >= list[index - 1]);
say("times rise on either side", rising(times(true)), rising(times(false)));
end();

// trace
// the core's records of the start lie between true
// and those of the stop true
// last stopped
// times rise on either side true true
// end
// exit 0
