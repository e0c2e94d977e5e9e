import { Node } from "runar-ts";
import { describe, end, say, thrown } from "../../kit.mjs";

const seen = [];
const node = new Node(
  {},
  { logger: ({ target, message }) => target === "runar-ts" && seen.push(message) },
);
const all = (suffix) => {
  for (const level of ["trace", "debug", "info", "warn", "error"])
    node.logger[level](`${level} ${suffix}`);
};
all("by default");
node.setLogLevel("trace");
say(node.logger.isEnabled("trace"));
all("at trace");
node.setLogLevel("off");
say(node.logger.isEnabled("error"));
all("when off");
node.setLogLevel("error");
all("at error");
say(describe(thrown(() => node.setLogLevel("loud"))));
await node.start();
await node.stop();
for (const message of seen) say(message);
end();

// trace
// true
// false
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: level: expected trace, debug, info, warn, error or off, got "loud"
// info by default
// warn by default
// error by default
// trace at trace
// debug at trace
// info at trace
// warn at trace
// error at trace
// error at error
// end
// exit 0
