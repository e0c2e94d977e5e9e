import { say } from "../../kit.mjs";

say("before");
process.kill(process.pid, "SIGSEGV");
await new Promise((resolve) => setTimeout(resolve, 60_000));

// trace
// before
// end
// exit 0
