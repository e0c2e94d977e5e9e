import { Node } from "runar-ts";
import { describe, end, say, thrown } from "../../kit.mjs";

const node = new Node({});
for (const options of [{ drainMs: -1 }, { drainMs: "soon" }, { drain: 5 }, 5]) {
  say(describe(thrown(() => node.stop(options))));
}
end();

// trace
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.drainMs: expected a number of milliseconds above 0, got -1
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.drainMs: expected a number of milliseconds above 0, got a string
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.drain: unknown key, did you mean drainMs?
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got a number
// end
// exit 0
