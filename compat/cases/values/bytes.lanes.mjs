import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    reverse: (bytes) => bytes.slice().reverse(),
    nested: ({ at: [bytes] }) => ({ got: bytes }),
  },
});
await node.start();
say(await node.request("a/reverse", new Uint8Array([1, 2, 3])));
say(await node.request("a/reverse", Buffer.from("abc")));
say(await node.request("a/reverse", new Uint8Array(0)));
say(await node.request("a/reverse", new Uint8Array([0, 1, 2, 3, 4]).subarray(1, 3)));
say(await node.request("a/nested", { at: [new Uint8Array([9])] }));
const large = new Uint8Array(1 << 20).map((_, index) => index);
const answer = await node.request("a/reverse", large);
say(
  answer.length,
  answer.every((byte, index) => byte === large[large.length - 1 - index]),
);
await node.stop();
end();

// trace
// bytes[3 2 1]
// bytes[99 98 97]
// bytes[]
// bytes[2 1]
// {got: bytes[9]}
// 1048576 true
// end
// exit 0
