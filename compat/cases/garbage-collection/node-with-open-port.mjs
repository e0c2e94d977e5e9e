import { Node } from "runar-ts";
import { collectGarbage, end, live, say } from "../../kit.mjs";

let stop;
async function begin() {
  const node = new Node({ network_config: {} });
  node.addService({ name: "a", path: "a", actions: {}, stop: () => say("stopped") });
  await node.start();
  const weak = new WeakRef(node);
  stop = () => weak.deref()?.stop();
}
await begin();
for (let round = 0; round < 20; round++) {
  collectGarbage();
  await new Promise(setImmediate);
}
say("running", live().running);
await stop();
end();

// trace
// running 1
// stopped
// end
// exit 0
