import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const values = [
  undefined,
  null,
  true,
  -0,
  Number.NaN,
  2n ** 64n - 1n,
  "世界",
  new Uint8Array([0, 255]),
  { z: [1, { bytes: new Uint8Array([7]) }], a: undefined },
  [],
];
for (const value of values) {
  const heard = [];
  const subscription = node.on("a/b", (event) => heard.push(event.value));
  const waiting = node.once("a/*");
  await node.publish("a/b", value, { retainMs: 60_000 });
  heard.push((await waiting).value);
  subscription.unsubscribe();
  const late = node.on("a/b", (event) => heard.push(event.value), { includePastMs: 60_000 });
  late.unsubscribe();
  say(heard);
}
await node.stop();
end();

// trace
// [undefined, undefined, undefined]
// [null, null, null]
// [true, true, true]
// [-0, -0, -0]
// [NaN, NaN, NaN]
// [18446744073709551615n, 18446744073709551615n, 18446744073709551615n]
// ["世界", "世界", "世界"]
// [bytes[0 255], bytes[0 255], bytes[0 255]]
// [{a: undefined, z: [1, {bytes: bytes[7]}]}, {a: undefined, z: [1, {bytes: bytes[7]}]}, {a: undefined, z: [1, {bytes: bytes[7]}]}]
// [[], [], []]
// end
// exit 0
