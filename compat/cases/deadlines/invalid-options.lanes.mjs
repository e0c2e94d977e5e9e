import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

let calls = 0;
const node = new LaneNode();
node.addService({ name: "s", path: "s", actions: { count: () => ++calls } });
await node.start();
for (const options of [
  { timeoutMs: 0 },
  { timeoutMs: -5 },
  { timeoutMs: Number.NaN },
  { timeoutMs: "5" },
  { timeout: 5 },
  { signal: {} },
  { signal: null },
  "soon",
  null,
]) {
  say(await rejection(node.request("s/count", [], options)));
}
say(await rejection(node.client("s").count.with({ timeoutMS: 5 })()));
say("ran", calls);
say("undefined is as if left out:", await node.request("s/count", [], { timeoutMs: undefined }));
say("no limit:", await node.request("s/count", [], { timeoutMs: Number.POSITIVE_INFINITY }));
await node.stop();
end();

// trace
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got 0
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got -5
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got NaN
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got a string
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeout: unknown key, did you mean timeoutMs?
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.signal: expected an AbortSignal, got an object
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.signal: expected an AbortSignal, got null
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got a string
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got null
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMS: unknown key, did you mean timeoutMs?
// ran 0
// undefined is as if left out: 1
// no limit: 2
// end
// exit 0
