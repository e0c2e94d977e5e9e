import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: { size: (value) => value.length, echo: (value) => value },
});
await node.start();
say(await node.request("a/size", "x".repeat(20_000_000)));
say(await node.request("a/size", new Uint8Array(20_000_000)));
const many = Array.from({ length: 200_000 }, (_, n) => n);
say((await node.request("a/echo", [many])).length);
const bursts = await Promise.all(
  Array.from({ length: 20 }, () => node.request("a/echo", new Uint8Array(1 << 20))),
);
say(bursts.every((bytes) => bytes.length === 1 << 20));
await node.stop();
end();

// trace
// 20000000
// 20000000
// 200000
// true
// end
// exit 0
