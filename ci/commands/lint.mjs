// Formatting and lints of both languages, and the structure of the source; nothing is changed.
import { checkRust, checkSource } from "../lints.mjs";
import { runCommand } from "../options.mjs";

await runCommand("usage: npm run lint", async () => {
  await checkSource();
  await checkRust();
  return true;
});
