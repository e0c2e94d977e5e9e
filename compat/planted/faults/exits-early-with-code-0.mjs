import { end, say } from "../../kit.mjs";

say("before");
process.exit(0);
end();

// trace
// before
// end
// exit 0
