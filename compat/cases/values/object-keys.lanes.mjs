import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: { echo: (value) => value, own: (value) => Object.entries(value.in) },
});
await node.start();
const text =
  '{"__proto__":{"admin":true},"constructor":1,"hasOwnProperty":2,"toString":3,"valueOf":4,"then":5,"toJSON":6,"length":7}';
say(await node.request("a/own", { in: JSON.parse(text) }));
const back = await node.request("a/echo", JSON.parse(text));
say(JSON.stringify(back) === text, Object.getPrototypeOf(back) === Object.prototype);
say("nobody else has it", {}.admin === undefined, back.admin === undefined);
const [inList] = await node.request("a/echo", [[JSON.parse(text)]]);
say("in a list", inList.admin === undefined, Object.hasOwn(inList, "__proto__"));
// Integer keys come first in any object; other keys keep their order.
say(Object.keys(await node.request("a/echo", { b: 1, 10: 2, a: 3, 9: 4, "-1": 5, "01": 6 })));
await node.stop();
end();

// trace
// [["__proto__", {admin: true}], ["constructor", 1], ["hasOwnProperty", 2], ["toString", 3], ["valueOf", 4], ["then", 5], ["toJSON", 6], ["length", 7]]
// true true
// nobody else has it true true
// in a list true true
// ["9", "10", "b", "a", "-1", "01"]
// end
// exit 0
