/** `peers`: who is in the network. */

import { type Command, Option } from "commander";
import type { Peer, PeerChange } from "../../api/peers.js";
import { parseMilliseconds } from "../arguments.js";
import { colors } from "../colors.js";
import { addNodeOptions, type NodeOptions } from "../node-options.js";
import type { Output } from "../output.js";
import { waiting } from "../progress.js";
import { withPeers } from "../session.js";
import { table } from "../table.js";
import { addCommand } from "./command.js";

interface PeersOptions extends NodeOptions {
  wait: number;
  watch?: true;
}

const DEFAULT_WAIT_MS = 3_000;

/** Adds the command. */
export function addPeers(program: Command): void {
  const peers = addCommand<PeersOptions>(
    program,
    "peers",
    "Lists the peers that are found, with what they offer.",
    async (output, options) => {
      await withPeers(output, options, async (node, ending) => {
        const changes = node.peerChanges();
        ending.addEventListener("abort", () => void changes.return(), { once: true });
        if (options.watch !== true) {
          await waiting(output, "looking for peers", passed(options.wait, ending));
          const found = node.peers();
          output.print({ peers: found }, () => peerTable(found));
          return;
        }
        for (const peer of node.peers()) printChange(output, { change: "connected", peer });
        for await (const change of changes) printChange(output, change);
      });
    },
  )
    .option("--watch", "go on, and print every change, until SIGINT or SIGTERM")
    .addOption(
      new Option("--wait <ms>", "how long to look")
        .argParser(parseMilliseconds)
        .default(DEFAULT_WAIT_MS),
    );
  addNodeOptions(peers, "error");
}

function printChange(output: Output, { change, peer }: PeerChange): void {
  output.print({ event: change, peer }, () => {
    const services = peer.services.map(({ path }) => path).join(", ");
    return `${colors.bold(change.padEnd(12))} ${peer.id} ${colors.dim(peer.addresses.join(", "))} ${services}`;
  });
}

function peerTable(peers: readonly Peer[]): string {
  if (peers.length === 0) return "no peer was found";
  const rows = peers.map((peer) => [
    colors.bold(peer.id),
    peer.authenticated ? colors.green("yes") : colors.yellow("no"),
    peer.sdk ? "TypeScript" : "Rust",
    peer.addresses.join(", "),
    peer.services.map(({ path }) => path).join(", "),
  ]);
  return table(["peer", "authenticated", "in", "addresses", "services"], rows);
}

/** Settles after a time, or at once when the user wants to end. */
function passed(ms: number, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    ending.addEventListener("abort", end, { once: true });
  });
}
