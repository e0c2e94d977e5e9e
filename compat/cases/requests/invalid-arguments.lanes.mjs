import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

let ran = 0;
const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { count: () => ++ran } });
await node.start();
for (const path of [undefined, null, 5, {}, ["a/count"]]) say(await rejection(node.request(path)));
for (const options of [
  { timeout: 5 },
  { timeoutMs: 0 },
  { timeoutMs: Number.NaN },
  { timeoutMs: "5" },
  { signal: {} },
  { signal: null },
  null,
  [],
  "fast",
]) {
  say(options, await rejection(node.request("a/count", [], options)));
}
say("handlers that ran:", ran);
say(await node.request("a/count", [], { timeoutMs: undefined, signal: undefined }));
await node.stop();
end();

// trace
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path: expected a string, got undefined
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path: expected a string, got null
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path: expected a string, got a number
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path: expected a string, got an object
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: path: expected a string, got an array
// {timeout: 5} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeout: unknown key, did you mean timeoutMs?
// {timeoutMs: 0} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got 0
// {timeoutMs: NaN} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got NaN
// {timeoutMs: "5"} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got a string
// {signal: {}} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.signal: expected an AbortSignal, got an object
// {signal: null} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.signal: expected an AbortSignal, got null
// null InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got null
// [] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got an array
// fast InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got a string
// handlers that ran: 0
// 1
// end
// exit 0
