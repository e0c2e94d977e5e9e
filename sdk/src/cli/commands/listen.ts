/** `listen`: prints events as they are heard. */

import type { Command } from "commander";
import { parseCount } from "../arguments.js";
import { colors } from "../colors.js";
import { addNodeOptions, type NodeOptions } from "../node-options.js";
import { toText } from "../output.js";
import { withPeers } from "../session.js";
import { addCommand } from "./command.js";

interface ListenOptions extends NodeOptions {
  count?: number;
}

/** Adds the command. */
export function addListen(program: Command): void {
  const listen = addCommand<ListenOptions>(
    program,
    "listen <topic>",
    "Prints the events of a topic or a pattern until SIGINT or SIGTERM.\n\n" +
      "* stands for one part of a topic, a last > for one or more.",
    async (output, options, [topic = ""]) => {
      await withPeers(output, options, async (node, ending) => {
        let left = options.count ?? Number.POSITIVE_INFINITY;
        const events = node.events(topic);
        ending.addEventListener("abort", () => void events.return(), { once: true });
        output.print({ event: "listening", topic }, () => colors.dim(`listening to ${topic}`));
        for await (const { topic, value } of events) {
          output.print(
            { event: "heard", topic, value },
            () => `${colors.bold(topic)} ${toText(value)}`,
          );
          left--;
          if (left === 0) break;
        }
      });
    },
  ).option("--count <number>", "end after so many events", (text) => parseCount(text));
  addNodeOptions(listen, "error");
}
