import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const node = new Node({ network_config: { transport_options: { bind_address: "127.0.0.1:0" } } });
await node.start();
process.on("exit", () => end());
// An unreferenced timer does not keep the process alive, so it fires only because the node does.
const timer = setTimeout(async () => {
  say("still here");
  await node.stop();
}, 100);
timer.unref();

// trace
// still here
// end
// exit 0
