/** All commands, and what they have in common. */

import { Command } from "commander";
import { addCall } from "./commands/call.js";
import { addDoctor } from "./commands/doctor.js";
import { addExplain } from "./commands/explain.js";
import { addKeys } from "./commands/keys.js";
import { addListen } from "./commands/listen.js";
import { addNode } from "./commands/node.js";
import { addPeers } from "./commands/peers.js";
import { EXIT, MEANINGS } from "./exits.js";
import { list } from "./table.js";
import { VERSION } from "./version.js";

const EXITS = list(
  (Object.keys(EXIT) as (keyof typeof EXIT)[]).map((name) => [`  ${EXIT[name]}`, MEANINGS[name]]),
);

/** The command line's parser, with every command. */
export function makeProgram(): Command {
  const program = new Command("runar-ts")
    .description("Runs, calls and looks into Runar nodes.")
    .version(VERSION)
    .exitOverride()
    // Failures are printed in one place, in the form that the user wants.
    .configureOutput({ outputError: () => {} })
    .addHelpText("after", `\nExit codes:\n${EXITS}`);
  addKeys(program);
  addNode(program);
  addCall(program);
  addListen(program);
  addPeers(program);
  addDoctor(program);
  addExplain(program);
  return program;
}
