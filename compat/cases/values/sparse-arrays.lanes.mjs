import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { checkValues: "check" });
node.addService({
  name: "a",
  path: "a",
  actions: { echo: (value) => value, kind: (a) => typeof a },
});
await node.start();
const hole = [1, 2, 3];
delete hole[1];
for (const payload of [new Array(3), [hole], { list: [0, new Array(1)] }]) {
  say(await rejection(node.request("a/echo", payload)));
}
say(await node.request("a/echo", [[undefined, null, 1]]));
say(await node.request("a/kind", [undefined]));
await node.stop();
end();

// trace
// ValueError ERR_RUNAR_VALUE: payload[0]: a hole in an array cannot cross; send null or undefined
// ValueError ERR_RUNAR_VALUE: payload[0][1]: a hole in an array cannot cross; send null or undefined
// ValueError ERR_RUNAR_VALUE: payload.list[1][0]: a hole in an array cannot cross; send null or undefined
// [undefined, null, 1]
// undefined
// end
// exit 0
