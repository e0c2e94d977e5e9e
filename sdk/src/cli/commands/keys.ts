/** `keys`: makes networks, and members of them. */

import type { Command } from "commander";
import type { Certificate, Identity } from "../../identity/identity.js";
import { parseAddress } from "../arguments.js";
import { CliError } from "../exits.js";
import { addPassphraseOption, loadKeys, type PassphraseOptions, storeOf } from "../keys.js";
import type { Output } from "../output.js";
import { list } from "../table.js";
import { addCommand, type CommonOptions } from "./command.js";

interface KeysOptions extends CommonOptions, PassphraseOptions {}

interface EnrolOptions extends KeysOptions {
  network: string;
}

/** Adds the commands. */
export function addKeys(program: Command): void {
  const keys = program.command("keys").description("Makes networks, and members of them.");
  addInitNetwork(keys);
  addEnrol(keys);
  addShow(keys);
}

function addInitNetwork(keys: Command): void {
  const command = addCommand<KeysOptions>(
    keys,
    "init-network <file>",
    "Makes a network, and writes the keys of its authority to a new file.\n\n" +
      "Whoever has them can make any node a member: keep them apart from the nodes.",
    async (output, options, [file = ""]) => {
      const store = await storeOf(file, options);
      if ((await store.load()) !== undefined) {
        throw new CliError(
          "keys",
          `${file} exists, and holds keys already.`,
          "Name another file: a network whose keys are gone takes no more members.",
        );
      }
      const { Network } = await import("../../identity/identity.js");
      const network = Network.create();
      await store.save(network.export());
      const made = { kind: "network", file, networkId: network.id };
      output.print(made, () =>
        list([
          ["network", network.id],
          ["keys", file],
        ]),
      );
    },
  );
  addPassphraseOption(command);
}

function addEnrol(keys: Command): void {
  const command = addCommand<EnrolOptions>(
    keys,
    "enrol <file>",
    "Makes the node whose keys are in the file a member of a network, for a year.\n\n" +
      "A file that is not there is made, with a new node's keys; a member's certificate is renewed.",
    async (output, options, [file = ""]) => {
      const { Identity } = await import("../../identity/identity.js");
      const { Network } = await import("../../identity/identity.js");
      const network = Network.restore(await loadKeys(options.network, options));
      const store = await storeOf(file, options);
      const saved = await store.load();
      const identity = saved === undefined ? Identity.create() : Identity.restore(saved);
      network.enrol(identity);
      // First the network, which counts its certificates: a count that is used twice is worse than
      // one that is left out.
      await (await storeOf(options.network, options)).save(network.export());
      await store.save(identity.export());
      printIdentity(output, file, identity);
    },
  ).requiredOption("--network <file>", "the keys of the network's authority");
  addPassphraseOption(command);
}

function addShow(keys: Command): void {
  const command = addCommand<KeysOptions & { address?: string }>(
    keys,
    "show <file>",
    "Shows what is public of the keys in a file.",
    async (output, options, [file = ""]) => {
      const bytes = await loadKeys(file, options);
      const { Identity } = await import("../../identity/identity.js");
      const { Network } = await import("../../identity/identity.js");
      const identity = attempt(() => Identity.restore(bytes));
      if (identity !== undefined) {
        printIdentity(output, file, identity, options.address);
        return;
      }
      const network = Network.restore(bytes);
      const shown = { kind: "network", file, networkId: network.id };
      output.print(shown, () =>
        list([
          ["network", network.id],
          ["keys", file],
        ]),
      );
    },
  ).option("--address <host:port>", "where the node listens, to print its --peer", parseAddress);
  addPassphraseOption(command);
}

/** `undefined` for keys of another kind. */
function attempt(restore: () => Identity): Identity | undefined {
  try {
    return restore();
  } catch {
    return undefined;
  }
}

function printIdentity(output: Output, file: string, identity: Identity, address?: string): void {
  const { nodeId, publicKey, networkIds, certificate } = identity;
  const peer = address === undefined ? undefined : `${publicKey}@${address}`;
  const shown = { kind: "node", file, nodeId, publicKey, networkIds, certificate, peer };
  output.print(shown, () => {
    const rows: [string, string][] = [
      ["node", nodeId],
      ["networks", networkIds.join(", ") || "none yet"],
      ["certificate", validity(certificate)],
      ["public key", publicKey],
      ["keys", file],
    ];
    if (peer !== undefined) rows.push(["peer", `--peer ${peer}`]);
    return list(rows);
  });
}

function validity(certificate: Certificate | undefined): string {
  if (certificate === undefined) return "none yet: runar-ts keys enrol";
  const until = certificate.validUntil.toISOString().slice(0, 10);
  return certificate.validUntil.getTime() < Date.now()
    ? `expired on ${until}`
    : `valid until ${until}`;
}
