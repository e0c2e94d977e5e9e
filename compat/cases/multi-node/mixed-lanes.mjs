import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const direct = new Node({}, { localCalls: "direct" });
const native = new Node({}, { localCalls: "native" });
for (const [node, other, name] of [
  [direct, native, "direct"],
  [native, direct, "native"],
]) {
  node.addService({
    name: "s",
    path: "s",
    actions: {
      echo: async (value) => value,
      through: (n) => (n === 0 ? name : other.request("s/through", [n - 1])),
    },
  });
}
await Promise.all([direct.start(), native.start()]);
const value = { a: [1, new Uint8Array([2])] };
say("direct passes references", (await direct.request("s/echo", [value])) === value);
const copy = await native.request("s/echo", [value]);
say("native copies", copy !== value, copy);
say(await direct.request("s/through", [3]), await native.request("s/through", [3]));
await Promise.all([direct.stop(), native.stop()]);
end();

// trace
// direct passes references true
// native copies true {a: [1, bytes[2]]}
// native direct
// end
// exit 0
