/** A node that lives as long as a command, and knows the peers that the command names. */

import type { Node } from "../node/node.js";
import { CliError } from "./exits.js";
import { openIdentity } from "./keys.js";
import { configOf, type NodeOptions } from "./node-options.js";
import type { Output } from "./output.js";
import { waiting } from "./progress.js";
import { endSignal } from "./signals.js";

/** Starts a node, connects it to the peers, and stops it when the work is done. */
export async function withPeers(
  output: Output,
  options: NodeOptions,
  work: (node: Node, ending: AbortSignal) => Promise<void>,
): Promise<void> {
  const config = configOf(options);
  if (config.network_config === undefined) {
    throw new CliError(
      "usage",
      "No way to a peer is given.",
      "Add --peer <publicKey@host:port>, --multicast, or --config with a network_config.",
    );
  }
  const identity = await openIdentity(options);
  if (identity === undefined) {
    throw new CliError(
      "keys",
      "Peers are met with the keys of their network, and none are given.",
      "Add --key <file> or set RUNAR_KEY; `runar-ts keys enrol` writes such a file.",
    );
  }
  const ending = endSignal();
  const { Node } = await import("../node/node.js");
  const node = new Node(config, { identity });
  await node.start();
  try {
    for (const peer of options.peer ?? []) {
      const limits = { timeoutMs: options.timeout, signal: ending };
      const where = peer.addresses.join(", ");
      await waiting(output, `connecting to ${where}`, node.connect(peer, limits));
    }
    await work(node, ending);
  } catch (error) {
    // Whoever ends a command is not told that it was ended.
    if (!ending.aborted) throw error;
    process.exitCode = INTERRUPTED;
  } finally {
    await node.stop({ drainMs: 0 });
  }
}

/** What shells give a program that SIGINT has ended. */
const INTERRUPTED = 130;
