/** The command line: `npx runar-ts`. */

import { CommanderError } from "commander";
import { CliError, EXIT } from "./exits.js";
import { printFailure } from "./output.js";
import { makeProgram } from "./program.js";

/** What a failure is printed as must be known even when the command line cannot be read. */
function wantsJson(args: readonly string[]): boolean {
  if (args.includes("--no-json")) return false;
  return args.includes("--json") || process.stdout.isTTY !== true;
}

/** Help and the version end with their own errors, which are none. */
function failureOf(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  return new CliError("usage", error.message.replace(/^error: /, ""));
}

try {
  await makeProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError && error.exitCode === 0) {
    process.exitCode = EXIT.done;
  } else if (error instanceof CommanderError && error.code === "commander.help") {
    // The help itself was printed: a command was missing.
    process.exitCode = EXIT.usage;
  } else {
    process.exitCode = printFailure(failureOf(error), wantsJson(process.argv.slice(2)));
  }
}
