// Lengths around the sizes at which buffers grow and the copying method changes.
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
await node.start();
const lengths = [0, 1, 15, 16, 47, 48, 49, 255, 256, 65_500, 65_535, 65_536, 65_537, 1 << 20];
const makers = {
  ascii: (length) => "a".repeat(length),
  "two bytes": (length) => "é".repeat(length),
  "three bytes": (length) => "世".repeat(length),
  "one letter at the end": (length) => `${"a".repeat(length)}é`,
  bytes: (length) => new Uint8Array(length).map((_, index) => index),
  list: (length) => Array.from({ length: Math.min(length, 70_000) }, (_, index) => index),
  object: (length) => ({ ["k".repeat(length)]: "v".repeat(length) }),
};
for (const [name, make] of Object.entries(makers)) {
  const wrong = [];
  for (const length of lengths) {
    const value = make(length);
    const back = await node.request("a/echo", name === "list" ? [value] : value);
    const same =
      typeof value === "string"
        ? back === value
        : value instanceof Uint8Array
          ? back.length === length && back.every((byte, index) => byte === value[index])
          : JSON.stringify(back) === JSON.stringify(value);
    if (!same) wrong.push(length);
  }
  say(name, "wrong", wrong);
}
const { length } = await node.request("a/echo", [[makers.bytes(1 << 20), makers.ascii(1 << 20)]]);
say("both", length);
await node.stop();
end();

// trace
// ascii wrong []
// two bytes wrong []
// three bytes wrong []
// one letter at the end wrong []
// bytes wrong []
// list wrong []
// object wrong []
// both 2
// end
// exit 0
