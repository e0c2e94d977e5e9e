import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: { echo: (value) => value, keys: (value) => Object.keys(value) },
});
await node.start();
say(await node.request("a/echo", {}));
say(await node.request("a/echo", [[]]));
say(await node.request("a/echo", { a: null, b: undefined, c: [null, undefined, 1] }));
say(await node.request("a/keys", { z: 1, a: 2, ключ: 3, "": 4, constructor: 5 }));
const proto = await node.request("a/echo", JSON.parse('{"__proto__": {"polluted": true}}'));
say("own key", Object.keys(proto), "polluted", String({}.polluted));
say(await node.request("a/echo", Object.assign(Object.create(null), { bare: true })));
let deep = "bottom";
for (let i = 0; i < 100; i++) deep = { deep };
say(JSON.stringify(await node.request("a/echo", deep)).length);
await node.stop();
end();

// trace
// {}
// []
// {a: null, b: undefined, c: [null, undefined, 1]}
// ["z", "a", "ключ", "", "constructor"]
// own key ["__proto__"] polluted undefined
// {bare: true}
// 908
// end
// exit 0
