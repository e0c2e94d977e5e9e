import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
for (const options of [{ timeoutMs: 0 }, { timeoutMs: "1s" }, { timeout: 5 }, { signal: {} }, 5]) {
  say(await rejection(node.request("a/ping", [], options)));
}
await node.stop();
end();

// trace
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got 0
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got a string
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeout: unknown key, did you mean timeoutMs?
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.signal: expected an AbortSignal, got an object
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got a number
// end
// exit 0
