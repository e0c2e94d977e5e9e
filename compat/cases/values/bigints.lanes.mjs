import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { checkValues: "check" });
node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
await node.start();
const small = [0n, -1n, 2n ** 53n + 1n];
const i64 = [-(2n ** 63n), -(2n ** 63n) + 1n, 2n ** 63n - 1n];
for (const value of [...small, ...i64, 2n ** 63n, 2n ** 64n - 1n]) {
  say((await node.request("a/echo", value)) === value, value);
}
say(await node.request("a/echo", { list: [1n, { deep: 2n ** 60n }] }));
for (const value of [-(2n ** 63n) - 1n, 2n ** 64n, 10n ** 40n, -(10n ** 40n)]) {
  say(await rejection(node.request("a/echo", { list: [value] })));
}
await node.stop();
end();

// trace
// true 0n
// true -1n
// true 9007199254740993n
// true -9223372036854775808n
// true -9223372036854775807n
// true 9223372036854775807n
// true 9223372036854775808n
// true 18446744073709551615n
// {list: [1n, {deep: 1152921504606846976n}]}
// ValueError ERR_RUNAR_VALUE: payload.list[0]: the bigint fits neither i64 nor u64; send it as a string
// ValueError ERR_RUNAR_VALUE: payload.list[0]: the bigint fits neither i64 nor u64; send it as a string
// ValueError ERR_RUNAR_VALUE: payload.list[0]: the bigint fits neither i64 nor u64; send it as a string
// ValueError ERR_RUNAR_VALUE: payload.list[0]: the bigint fits neither i64 nor u64; send it as a string
// end
// exit 0
