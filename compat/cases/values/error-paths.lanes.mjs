import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { checkValues: "check" });
const answers = {
  now: () => ({ items: [1, { when: new Date(0) }] }),
  later: async () => new Map(),
  make: () => ({ made: [() => 1] }),
  echo: (value) => value,
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
const loop = {};
loop.loop = loop;
for (const payload of [
  () => 1,
  Symbol("s"),
  2n ** 64n,
  new Map(),
  new (class Point {})(),
  { items: [1, { when: bad }] },
  { items: [[Symbol("deep")]] },
  loop,
]) {
  const error = await rejection(node.request("a/take", payload));
  say(error.code, error.details);
}
for (const name of ["now", "later", "make"]) {
  say((await rejection(node.request(`a/${name}`))).details.path);
}
say((await rejection(node.client("a").take({ when: bad }))).details.path);
say((await rejection(node.publish("a/happened", { list: [bad] }))).details.path);
const heard = deferred();
node.on("a/happened", ({ value }) => heard.resolve(value));
await node.publish("a/happened", "fine");
say(await heard.promise, "and", await node.request("a/take"));
say("and the node goes on", await node.request("a/echo", "still here"));
await node.stop();
end();

// trace
// payload
// payload[0][0]
// payload[1].a
// payload.a.b.c
// payload["a key"][""]["7"].ünï
// payload.list[0][2][1]
// ERR_RUNAR_VALUE {path: "payload"}
// ERR_RUNAR_VALUE {path: "payload"}
// ERR_RUNAR_VALUE {path: "payload"}
// ERR_RUNAR_VALUE {path: "payload"}
// ERR_RUNAR_VALUE {path: "payload"}
// ERR_RUNAR_VALUE {path: "payload.items[1].when"}
// ERR_RUNAR_VALUE {path: "payload.items[0][0]"}
// ERR_RUNAR_VALUE {path: "payload.loop"}
// result.items[1].when
// result
// result.made[0]
// payload[0].when
// value.list[0]
// fine and taken
// and the node goes on still here
// end
// exit 0
