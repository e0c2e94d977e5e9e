/** What every command has in common. */

import type { Command } from "commander";
import { Output } from "../output.js";

/** The options that every command has. */
export interface CommonOptions {
  json?: boolean;
}

/** A command with the options that all have; `run` gets where to print, its options, and arguments. */
export function addCommand<Options extends CommonOptions>(
  parent: Command,
  usage: string,
  description: string,
  run: (output: Output, options: Options, args: string[]) => Promise<void>,
): Command {
  const command = parent
    .command(usage)
    .description(description)
    .option("--json", "print JSON, one line for each result; the default unless on a terminal")
    .option("--no-json", "print tables");
  // Commander gives the arguments, then the options, then the command.
  command.action(() => {
    const options = command.opts<Options>();
    return run(new Output(options.json), options, command.args);
  });
  return command;
}
