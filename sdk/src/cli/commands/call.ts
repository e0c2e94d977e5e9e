/** `call`: calls an action of a peer. */

import type { Command } from "commander";
import { parsePayload } from "../arguments.js";
import { addNodeOptions, type NodeOptions } from "../node-options.js";
import { toText } from "../output.js";
import { waiting } from "../progress.js";
import { withPeers } from "../session.js";
import { addCommand } from "./command.js";

/** Adds the command. */
export function addCall(program: Command): void {
  const call = addCommand<NodeOptions>(
    program,
    "call <path> [json]",
    "Calls an action and prints its result.\n\n" +
      "An array is the list of arguments, anything else the single argument; - reads the JSON from " +
      "the standard input.",
    async (output, options, [path = "", json]) => {
      const payload = parsePayload(json);
      await withPeers(output, options, async (node, ending) => {
        const limits = { timeoutMs: options.timeout, signal: ending };
        // A peer that is connected has told what it offers; one that is looked for may yet come.
        if (options.peer === undefined) {
          const service = path.split("/")[0] ?? path;
          await waiting(output, `waiting for ${service}`, node.waitForService(service, limits));
        }
        const result = await waiting(
          output,
          `calling ${path}`,
          node.request(path, payload, limits),
        );
        output.print(result, () => toText(result));
      });
    },
  );
  addNodeOptions(call, "error");
}
