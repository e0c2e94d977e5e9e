import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { checkValues: "check" });
const answers = {
  now: () => ({ items: [1, { when: new Date(0) }] }),
  later: async () => new Map(),
};
node.addService({ name: "a", path: "a", actions: { take: () => "taken", ...answers } });
await node.start();
const bad = new Date(0);
const payloads = [
  bad,
  [[bad]],
  ["fine", { a: bad }],
  { a: { b: { c: bad } } },
  { "a key": { "": { 7: { ünï: bad } } } },
  { list: [[0, 1, [2, bad]]] },
];
for (const payload of payloads) {
  say((await rejection(node.request("a/take", payload))).details.path);
}
for (const name of Object.keys(answers)) {
  say((await rejection(node.request(`a/${name}`))).details.path);
}
say((await rejection(node.client("a").take({ when: bad }))).details.path);
say((await rejection(node.publish("a/happened", { list: [bad] }))).details.path);
const heard = deferred();
node.on("a/happened", ({ value }) => heard.resolve(value));
await node.publish("a/happened", "fine");
say(await heard.promise, "and", await node.request("a/take"));
await node.stop();
end();

// trace
// payload
// payload[0][0]
// payload[1].a
// payload.a.b.c
// payload["a key"][""]["7"].ünï
// payload.list[0][2][1]
// result.items[1].when
// result
// payload[0].when
// value.list[0]
// fine and taken
// end
// exit 0
