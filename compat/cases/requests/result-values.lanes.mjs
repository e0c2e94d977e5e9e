import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const results = {
  nothing: undefined,
  none: null,
  yes: true,
  zero: 0,
  minus: -0,
  nan: Number.NaN,
  text: "grüße, 世界 🌍",
  list: [1, "two", [3]],
  object: { z: 1, a: { b: [true, null] } },
  bytes: new Uint8Array([0, 127, 255]),
  big: 9007199254740993n,
};
const actions = {};
for (const [name, result] of Object.entries(results)) {
  actions[name] = () => result;
  actions[`${name}Later`] = async () => result;
}
actions.add = (a, b) => a + b;
actions.twice = async (a) => a * 2;
node.addService({ name: "a", path: "a", actions });
await node.start();
for (const name of Object.keys(results)) {
  say(name, await node.request(`a/${name}`));
  say(`${name} later`, await node.request(`a/${name}Later`));
}
say("add", await node.request("a/add", [2, 3]));
say("twice", await node.request("a/twice", [21]));
await node.stop();
end();

// trace
// nothing undefined
// nothing later undefined
// none null
// none later null
// yes true
// yes later true
// zero 0
// zero later 0
// minus -0
// minus later -0
// nan NaN
// nan later NaN
// text grüße, 世界 🌍
// text later grüße, 世界 🌍
// list [1, "two", [3]]
// list later [1, "two", [3]]
// object {a: {b: [true, null]}, z: 1}
// object later {a: {b: [true, null]}, z: 1}
// bytes bytes[0 127 255]
// bytes later bytes[0 127 255]
// big 9007199254740993n
// big later 9007199254740993n
// add 5
// twice 42
// end
// exit 0
