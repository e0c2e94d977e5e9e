import { say } from "../../kit.mjs";

say("before");
await new Promise((resolve) => setTimeout(resolve, 600_000));

// trace
// before
// end
// exit 0
