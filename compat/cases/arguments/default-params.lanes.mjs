import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    named: {
      params: ["isbn", "count", "note"],
      handler: (isbn, count = 1, note = `${count} of them`, ctx = undefined) => [
        isbn,
        count,
        note,
        ctx?.path,
      ],
    },
    rest: { params: ["first", "second"], handler: (...all) => all.length },
    pattern: { params: ["options"], handler: ({ deep: { value = 5 } = {} } = {}) => value },
  },
});
await node.start();
say(await node.request("a/named", { isbn: "x" }));
say(await node.request("a/named", { isbn: "x", note: "hi" }));
say(await node.request("a/named", ["x", 3]));
say(await node.request("a/named", ["x", undefined, "hi"]));
say("arguments alone:", await node.request("a/rest", ["one"]));
say(await node.request("a/pattern"), await node.request("a/pattern", [{ deep: { value: 6 } }]));
await node.stop();
end();

// trace
// ["x", 1, "1 of them", "a/named"]
// ["x", 1, "hi", "a/named"]
// ["x", 3, "3 of them", "a/named"]
// ["x", 1, "hi", "a/named"]
// arguments alone: 2
// 5 6
// end
// exit 0
