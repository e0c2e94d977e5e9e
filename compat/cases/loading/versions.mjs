import { hello } from "runar-ts";
import { end, say } from "../../kit.mjs";

say(hello());
end();

// trace
// runar-ts-ffi 0.1.0 with runar_node 0.1.0
// end
// exit 0
