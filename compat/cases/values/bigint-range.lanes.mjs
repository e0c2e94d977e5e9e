import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { checkValues: "check" });
node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
await node.start();
const i64 = [-(2n ** 63n), -(2n ** 63n) + 1n, 2n ** 63n - 1n];
for (const value of [...i64, 2n ** 63n, 2n ** 64n - 1n]) {
  say((await node.request("a/echo", value)) === value, value);
}
for (const value of [-(2n ** 63n) - 1n, 2n ** 64n, 10n ** 40n, -(10n ** 40n)]) {
  say(await rejection(node.request("a/echo", { list: [value] })));
}
await node.stop();
end();

// trace
// true -9223372036854775808n
// true -9223372036854775807n
// true 9223372036854775807n
// true 9223372036854775808n
// true 18446744073709551615n
// ValueError ERR_RUNAR_VALUE: payload.list[0]: the bigint fits neither i64 nor u64; send it as a string
// ValueError ERR_RUNAR_VALUE: payload.list[0]: the bigint fits neither i64 nor u64; send it as a string
// ValueError ERR_RUNAR_VALUE: payload.list[0]: the bigint fits neither i64 nor u64; send it as a string
// ValueError ERR_RUNAR_VALUE: payload.list[0]: the bigint fits neither i64 nor u64; send it as a string
// end
// exit 0
