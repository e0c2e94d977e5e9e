// What must hold before a change lands: `npm test`. Ends with a line that counts its steps.
import { runCommand } from "../options.mjs";
import { runTests, usageOf } from "../steps/run.mjs";

await runCommand(usageOf("test"), () => runTests("test"));
