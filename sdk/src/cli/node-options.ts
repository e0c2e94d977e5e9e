/** The options of commands that start a node, and the config that they come to. */

import { type Command, Option } from "commander";
import type { LogLevel, NodeConfig } from "../generated/config.js";
import {
  collectPeers,
  type PeerAddress,
  parseAddress,
  parseGroup,
  parseMilliseconds,
  readJsonFile,
} from "./arguments.js";
import type { CommonOptions } from "./commands/command.js";
import { CliError } from "./exits.js";
import { addKeyOptions, type KeyOptions } from "./keys.js";

const LEVELS = ["trace", "debug", "info", "warn", "error", "off"];
const DEFAULT_TIMEOUT_MS = 10_000;
const ANY_PORT = "127.0.0.1:0";

/** What is given of a node's keys and network. */
export interface NodeOptions extends CommonOptions, KeyOptions {
  config?: string;
  peer?: PeerAddress[];
  multicast?: string | true;
  bind?: string;
  logLevel?: LogLevel;
  timeout: number;
}

/** Adds them to a command. */
export function addNodeOptions(command: Command, logLevel?: LogLevel): Command {
  const levels = new Option(
    "--log-level <level>",
    "from which level on log records go to the standard error stream, those of the core too",
  ).choices(LEVELS);
  if (logLevel !== undefined) levels.default(logLevel);
  addKeyOptions(command);
  return command
    .option(
      "--peer <publicKey@host:port>",
      "a peer and where it listens; may be repeated",
      collectPeers,
    )
    .option("--multicast [group]", "look for peers by multicast", parseGroup)
    .option("--bind <host:port>", `where to listen; with peers, ${ANY_PORT}`, parseAddress)
    .option("--config <file>", "a node's config, as JSON; the options above win over it")
    .addOption(
      new Option("--timeout <ms>", "how long connecting and calling may take")
        .argParser(parseMilliseconds)
        .default(DEFAULT_TIMEOUT_MS),
    )
    .addOption(levels);
}

/** The config of the options; of the file, what they do not say. */
export function configOf(options: NodeOptions): NodeConfig {
  const given = withLevel(options.config === undefined ? {} : readConfig(options.config), options);
  const { bind, multicast, peer } = options;
  if (bind === undefined && multicast === undefined && peer === undefined) return given;
  const { network_config: network = {} } = given;
  const bind_address = bind ?? network.transport_options?.bind_address ?? ANY_PORT;
  return {
    ...given,
    network_config: {
      ...network,
      transport_options: { ...network.transport_options, bind_address },
      ...(multicast !== undefined && { discovery_providers: [{ multicast: groupOf(multicast) }] }),
      ...(peer !== undefined && {
        peers: peer.map(({ publicKey, addresses }) => ({ public_key: publicKey, addresses })),
      }),
    },
  };
}

function withLevel(given: NodeConfig, { logLevel }: NodeOptions): NodeConfig {
  if (logLevel === undefined) return given;
  return { ...given, logging_config: { ...given.logging_config, default_level: logLevel } };
}

function groupOf(multicast: string | true): { multicast_group?: string } {
  return multicast === true ? {} : { multicast_group: multicast };
}

function readConfig(file: string): NodeConfig {
  const given = readJsonFile(file);
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new CliError("usage", `${file} holds no object: a node's config is one.`);
  }
  // What is in it is checked by the node, key by key.
  return given;
}
