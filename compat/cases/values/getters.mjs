import { Node } from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: "native" });
node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
await node.start();
let read = 0;
const counted = {
  get n() {
    return ++read;
  },
  list: [
    {
      get deep() {
        return `read ${++read}`;
      },
    },
  ],
};
say(await node.request("a/echo", counted), "reads", read);
const failing = {
  "a getter": {
    in: {
      get it() {
        throw new RangeError("not now");
      },
    },
  },
  "a proxy": {
    it: new Proxy(
      {},
      {
        ownKeys() {
          throw new TypeError("no keys");
        },
      },
    ),
  },
  "a length": {
    it: new Proxy([], {
      get(list, key) {
        return key === "length" ? -1 : list[key];
      },
    }),
  },
};
for (const [name, value] of Object.entries(failing)) {
  const error = await rejection(node.request("a/echo", value));
  say(name, error, error.cause?.name ?? "no cause");
}
const { proxy, revoke } = Proxy.revocable({}, {});
revoke();
const revoked = await rejection(node.request("a/echo", [[proxy]]));
say("a revoked proxy", revoked.code, revoked.details, revoked.cause instanceof TypeError);
say("a proxy that behaves", await node.request("a/echo", new Proxy({ a: [1] }, {})));
await node.stop();
end();

// trace
// {list: [{deep: "read 2"}], n: 1} reads 2
// a getter ValueError ERR_RUNAR_VALUE: payload.in.it: reading it threw: not now RangeError
// a proxy ValueError ERR_RUNAR_VALUE: payload.it: reading it threw: no keys TypeError
// a length ValueError ERR_RUNAR_VALUE: payload.it: says that its length is -1 no cause
// a revoked proxy ERR_RUNAR_VALUE {path: "payload[0][0]"} true
// a proxy that behaves {a: [1]}
// end
// exit 0
