// not remote: a peer can be written in Rust, so a json value is sent to it as json
import { ArcValue, json, VMap } from "runar-ts";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const makers = {
  "an ArcValue": () => ArcValue.from({ list: [1, new Uint8Array([7])], big: 2n ** 60n }),
  "a VMap": () => VMap.from({ a: 1, b: { c: 2 } }),
  "a json": () => json({ a: 1, b: [null] }),
};
const kindOf = (value) => Object.getPrototypeOf(value) === Object.prototype;
let make;
node.addService({
  name: "a",
  path: "a",
  actions: {
    echo: (value) => [kindOf(value), value],
    give: () => make(),
    giveLater: async () => make(),
  },
});
await node.start();
for (const [name, one] of Object.entries(makers)) {
  make = one;
  say(name, "as the payload", await node.request("a/echo", make()));
  const [now, later] = [await node.request("a/give"), await node.request("a/giveLater")];
  say("  as a result", kindOf(now), now, kindOf(later));
  const waiting = node.once("a/b");
  await node.publish("a/b", make());
  const { value } = await waiting;
  say("  as an event", kindOf(value), value);
  const arc = await node.request("a/give", undefined, { as: "arc" });
  say("  asked for as a value of Rust", arc instanceof ArcValue, arc.category, arc.toJS());
  arc.close();
}
await node.stop();
// The values are not closed, and may not have been collected yet.
end({ values: 10 });

// trace
// an ArcValue as the payload [true, {big: 1152921504606846976n, list: [1, bytes[7]]}]
//   as a result true {big: 1152921504606846976n, list: [1, bytes[7]]} true
//   as an event true {big: 1152921504606846976n, list: [1, bytes[7]]}
//   asked for as a value of Rust true map {big: 1152921504606846976n, list: [1, bytes[7]]}
// a VMap as the payload [true, {a: 1, b: {c: 2}}]
//   as a result true {a: 1, b: {c: 2}} true
//   as an event true {a: 1, b: {c: 2}}
//   asked for as a value of Rust true map {a: 1, b: {c: 2}}
// a json as the payload [true, {a: 1, b: [null]}]
//   as a result true {a: 1, b: [null]} true
//   as an event true {a: 1, b: [null]}
//   asked for as a value of Rust true map {a: 1, b: [null]}
// end
// exit 0
