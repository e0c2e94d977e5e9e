import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
let ran = 0;
node.addService({ name: "a", path: "a", actions: { count: () => ++ran } });
await node.start();
for (const path of [undefined, null, 5, {}, ["a/count"]]) say(await rejection(node.request(path)));
for (const options of [
  { timeout: 5 },
  { timeoutMs: 0 },
  { timeoutMs: -5 },
  { timeoutMs: Number.NaN },
  { timeoutMs: "5" },
  { signal: {} },
  { signal: null },
  null,
  [],
  5,
  "fast",
]) {
  say(options, await rejection(node.request("a/count", [], options)));
}
say(await rejection(node.client("a").count.with({ timeoutMS: 5 })()));
say("handlers that ran:", ran);
const unset = { timeoutMs: undefined, signal: undefined };
say("undefined is as if left out:", await node.request("a/count", [], unset));
say("no limit:", await node.request("a/count", [], { timeoutMs: Number.POSITIVE_INFINITY }));
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
// {timeoutMs: -5} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got -5
// {timeoutMs: NaN} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got NaN
// {timeoutMs: "5"} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got a string
// {signal: {}} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.signal: expected an AbortSignal, got an object
// {signal: null} InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.signal: expected an AbortSignal, got null
// null InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got null
// [] InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got an array
// 5 InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got a number
// fast InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got a string
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMS: unknown key, did you mean timeoutMs?
// handlers that ran: 0
// undefined is as if left out: 1
// no limit: 2
// end
// exit 0
