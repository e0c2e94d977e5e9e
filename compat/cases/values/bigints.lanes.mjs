import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
await node.start();
for (const big of [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n]) {
  say(await node.request("a/echo", big));
}
say(await node.request("a/echo", { list: [1n, { deep: 2n ** 60n }] }));
await node.stop();
end();

// trace
// 0n
// -1n
// 9007199254740993n
// 9223372036854775807n
// -9223372036854775808n
// 18446744073709551615n
// {list: [1n, {deep: 1152921504606846976n}]}
// end
// exit 0
