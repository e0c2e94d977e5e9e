// All tests that `npm test` leaves out: other runtimes, examples, installs. Ends with a line that counts.
import { runCommand } from "../options.mjs";
import { runTests, usageOf } from "../steps/run.mjs";

await runCommand(usageOf("run test:all"), () => runTests("rest"));
