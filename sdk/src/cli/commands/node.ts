/** `node run`: hosts the services of a file. */

import type { Command } from "commander";
import { colors } from "../colors.js";
import { openIdentity } from "../keys.js";
import { addNodeOptions, configOf, type NodeOptions } from "../node-options.js";
import { waiting } from "../progress.js";
import { loadServices } from "../services-file.js";
import { endSignal, fired } from "../signals.js";
import { list, table } from "../table.js";
import { addCommand } from "./command.js";

interface RunOptions extends NodeOptions {
  acceptUnauthenticatedPeers?: true;
}

interface ListedService {
  service_path: string;
  actions: { name: string }[];
}

/** Adds the command. */
export function addNode(program: Command): void {
  const node = program.command("node").description("Hosts services.");
  const run = addCommand<RunOptions>(
    node,
    "run <file>",
    "Starts a node with the services of a module, and runs until SIGINT or SIGTERM.\n\n" +
      "The module's default export is a service definition, an array of them, or a function that " +
      "gets the node before it starts.",
    async (output, options, [file = ""]) => {
      const ending = endSignal();
      const setup = await loadServices(file);
      const { Node } = await import("../../node/node.js");
      const identity = await openIdentity(options);
      const node = new Node(runConfig(options), identity === undefined ? {} : { identity });
      await setup(node);
      await waiting(output, "starting", node.start());
      const listed = await node.request<ListedService[]>("$registry/services/list");
      const services = listed
        .map(({ service_path: path, actions }) => ({
          path,
          actions: actions.map(({ name }) => name),
        }))
        .filter(({ path }) => !path.startsWith("$"));
      const started = {
        event: "started",
        id: node.id,
        publicKey: identity?.publicKey,
        networkId: identity?.networkId,
        addresses: node.addresses,
        services,
      };
      output.print(started, () => {
        const { publicKey, addresses } = started;
        const facts: [string, string][] = [["node", started.id ?? ""]];
        if (publicKey !== undefined && addresses.length > 0) {
          facts.push(["peer", `--peer ${publicKey}@${addresses.join(",")}`]);
        }
        const rows = services.map(({ path, actions }) => [colors.bold(path), actions.join(", ")]);
        return `${list(facts)}\n\n${table(["service", "actions"], rows)}`;
      });
      await fired(ending);
      await node.stop();
      output.print({ event: "stopped" }, () => "stopped");
    },
  ).option(
    "--accept-unauthenticated-peers",
    "let peers that do not prove who they are call the services, and whoever else reaches the port",
  );
  addNodeOptions(run);
}

function runConfig(options: RunOptions) {
  const config = configOf(options);
  if (options.acceptUnauthenticatedPeers !== true) return config;
  return {
    ...config,
    network_config: { ...config.network_config, accept_unauthenticated_peers: true },
  };
}
