import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const back = new Node({}, { localCalls: lane });
back.addService({ name: "b", path: "b", actions: { double: async (n) => n * 2 } });
const front = new Node({}, { localCalls: lane });
front.addService({
  name: "f",
  path: "f",
  actions: {
    quadruple: async (n) => back.request("b/double", [await back.request("b/double", [n])]),
  },
});
await back.start();
await front.start();
say(await front.request("f/quadruple", [5]));
await front.stop();
await back.stop();
end();

// trace
// 20
// end
// exit 0
