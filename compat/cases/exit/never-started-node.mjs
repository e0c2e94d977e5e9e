import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

new Node({}).addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
say("nothing is left to do");
end();

// trace
// nothing is left to do
// end
// exit 0
