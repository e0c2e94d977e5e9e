import { isAbsolute, relative } from "node:path";
import { end, say } from "../../kit.mjs";
import { addon } from "./_addon.mjs";

const path = relative(process.cwd(), addon);
process.env.RUNAR_TS_FFI_PATH = path;
say("absolute:", isAbsolute(path));
const { Node } = await import("runar-ts");
const node = new Node({}, { localCalls: "native" });
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
say("a/ping", await node.request("a/ping"));
await node.stop();
end();

// trace
// absolute: false
// a/ping pong
// end
// exit 0
