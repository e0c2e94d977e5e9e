import { end, rejection, say } from "../../kit.mjs";

process.env.RUST_BACKTRACE = "1";
const { Node } = await import("runar-ts");
say("RUST_BACKTRACE", process.env.RUST_BACKTRACE);
say("RUST_LIB_BACKTRACE", "RUST_LIB_BACKTRACE" in process.env);
const node = new Node({}, { localCalls: "native" });
await node.start();
const error = await rejection(node.request("a/nope"));
say(error.code, error.message);
await node.stop();
end();

// trace
// RUST_BACKTRACE 1
// RUST_LIB_BACKTRACE false
// ERR_RUNAR_NOT_FOUND a/nope: no service has this action
// end
// exit 0
