import { end, say } from "../../kit.mjs";

say("startef");
end();

// trace
// started
// end
// exit 0
