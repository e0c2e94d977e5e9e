// not remote: the case has two nodes in every lane
import { json } from "runar-ts";
import { end, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const { here, there } = await pair((_, b) =>
  b.addService({
    name: "echo",
    path: "echo",
    actions: {
      value: (value) => value,
      parts: { params: ["a", "b"], handler: (a, b) => [a, b] },
      "{id}/of/{what}": { params: ["x"], handler: (x, ctx) => ({ x, params: ctx.params }) },
    },
  }),
);
const values = [
  true,
  "text",
  "naïve 🐍",
  0,
  -7,
  1.5,
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  2 ** 40,
  42n,
  -(2n ** 63n),
  2n ** 64n - 1n,
  { big: 2n ** 60n, list: [1n, [2n]] },
  { a: 1, nested: { list: [1, "two", null], none: null } },
  { ["__proto__"]: 1 },
  [["a", "b"]],
  [[]],
  {},
  new Uint8Array([0, 1, 255]),
  { bytes: new Uint8Array([1, 2]), more: [Number.NaN, null] },
];
for (const value of values) say(await here.request("echo/value", value));
say(await here.request("echo/value", json({ one: 1 })));
say(await here.request("echo/parts", { b: 2, a: 1 }));
say(await here.request("echo/7/of/books", { x: 1 }));
const arc = await here.request("echo/value", { kept: [1, 2] }, { as: "arc" });
say("sent on as it is", await here.request("echo/value", arc));
arc.close();
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// true
// text
// naïve 🐍
// 0
// -7
// 1.5
// NaN
// -Infinity
// 1099511627776
// 42n
// -9223372036854775808n
// 18446744073709551615n
// {big: 1152921504606846976n, list: [1n, [2n]]}
// {a: 1, nested: {list: [1, "two", null], none: null}}
// {__proto__: 1}
// ["a", "b"]
// []
// {}
// bytes[0 1 255]
// {bytes: bytes[1 2], more: [NaN, null]}
// {one: 1}
// [1, 2]
// {params: {id: "7", what: "books"}, x: 1}
// sent on as it is {kept: [1, 2]}
// end
// exit 0
