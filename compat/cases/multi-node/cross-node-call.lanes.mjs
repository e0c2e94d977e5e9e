import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const back = new LaneNode();
back.addService({ name: "b", path: "b", actions: { double: async (n) => n * 2 } });
const front = new LaneNode();
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
