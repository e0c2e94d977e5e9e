import { end, say } from "../../kit.mjs";
import { node } from "./_circle-a.mjs";

await node.start();
say(await node.request("circle/state"));
await node.stop();
end();

// trace
// running
// end
// exit 0
