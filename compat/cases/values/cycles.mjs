import { Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const self = {};
self.self = self;
const list = [];
list.push([list]);
const parent = { name: "parent", children: [] };
parent.children.push({ parent });
const shared = { n: 1 };
for (const localCalls of ["direct", "native"]) {
  const node = new Node({}, { localCalls, checkValues: "check" });
  node.addService({
    name: "a",
    path: "a",
    actions: { echo: (value) => value, same: ({ one, two }) => one === two },
  });
  await node.start();
  say(localCalls);
  for (const value of [self, [list], parent, { deeper: { parent } }]) {
    say(await rejection(node.request("a/echo", value)));
  }
  say(await node.request("a/echo", { one: shared, two: [shared, shared] }));
  say("one object still", await node.request("a/same", { one: shared, two: shared }));
  await node.stop();
}
end();

// trace
// direct
// ValueError ERR_RUNAR_VALUE: payload.self: leads back to payload; a cycle cannot cross
// ValueError ERR_RUNAR_VALUE: payload[0][0][0]: leads back to payload[0]; a cycle cannot cross
// ValueError ERR_RUNAR_VALUE: payload.children[0].parent: leads back to payload; a cycle cannot cross
// ValueError ERR_RUNAR_VALUE: payload.deeper.parent.children[0].parent: leads back to payload.deeper.parent; a cycle cannot cross
// {one: {n: 1}, two: [{n: 1}, {n: 1}]}
// one object still true
// native
// ValueError ERR_RUNAR_VALUE: payload.self: leads back to payload; a cycle cannot cross
// ValueError ERR_RUNAR_VALUE: payload[0][0][0]: leads back to payload[0]; a cycle cannot cross
// ValueError ERR_RUNAR_VALUE: payload.children[0].parent: leads back to payload; a cycle cannot cross
// ValueError ERR_RUNAR_VALUE: payload.deeper.parent.children[0].parent: leads back to payload.deeper.parent; a cycle cannot cross
// {one: {n: 1}, two: [{n: 1}, {n: 1}]}
// one object still false
// end
// exit 0
