import { Node } from "runar-ts";
import { end, live, say } from "../../kit.mjs";

let answered = 0;
for (let round = 0; round < 100; round++) {
  const node = new Node({}, { localCalls: round % 2 === 0 ? "direct" : "native" });
  node.addService({ name: "s", path: "s", actions: { ping: () => "pong" } });
  await node.start();
  if ((await node.request("s/ping")) === "pong") answered++;
  await node.stop();
}
const { nodes, ...counts } = live();
say("answered", answered, "anything left:", Object.values(counts).some(Boolean));
end();

// trace
// answered 100 anything left: false
// end
// exit 0
