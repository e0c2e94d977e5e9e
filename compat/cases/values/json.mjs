import { json, Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: "native" });
const echo = { params: ["value"], handler: (value) => value };
node.addService({ name: "a", path: "a", actions: { echo } });
await node.start();
for (const value of [null, 1, "a", [[1, [2]]], { a: [{ b: null }] }, { n: -0, gone: undefined }]) {
  say(value, "→", await node.request("a/echo", json({ value })));
}
for (const value of [new Uint8Array(1), { a: [Number.NaN] }, Infinity, { when: new Date(0) }]) {
  say(await rejection(node.request("$registry/services/list", json({ value }))));
}
say(JSON.stringify({ inside: json({ a: 1 }) }), json(json(5)).toJS());
await node.stop();
end();

// trace
// null → null
// 1 → 1
// a → a
// [[1, [2]]] → [[1, [2]]]
// {a: [{b: null}]} → {a: [{b: null}]}
// {gone: undefined, n: -0} → {gone: undefined, n: -0}
// ValueError ERR_RUNAR_VALUE: json() holds neither bytes, NaN, infinities nor values of Rust
// ValueError ERR_RUNAR_VALUE: json() holds neither bytes, NaN, infinities nor values of Rust
// ValueError ERR_RUNAR_VALUE: json() holds neither bytes, NaN, infinities nor values of Rust
// ValueError ERR_RUNAR_VALUE: payload.value.when: a Date cannot cross; send toISOString()
// {"inside":{"a":1}} 5
// end
// exit 0
