import { end, say } from "../../kit.mjs";
import { addon } from "./_addon.mjs";

process.env.RUNAR_TS_FFI_PATH = addon;
const { Node } = await import("runar-ts");
const node = new Node({}, { localCalls: "native" });
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
say("a/ping", await node.request("a/ping"));
await node.stop();
end();

// trace
// a/ping pong
// end
// exit 0
