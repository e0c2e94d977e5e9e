import { end, say } from "../../kit.mjs";

say("OverloadError");
end();

// trace
// 42
// end
// exit 0
