/** The files of the Rust CLI for a node: its config, and the entry of its keys. */

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createError, describeThrown } from "../errors/errors.js";
import type { NodeConfig } from "../generated/config.js";
import { checkObject, checkString, refuse } from "../validation/validator.js";
import { Identity } from "./identity.js";
import type { KeyStore } from "./key-store.js";
import { allInKeyring, keyringStore } from "./keyring-store.js";

/** The file that the Rust CLI writes. */
export function defaultFile(): string {
  return join(homedir(), ".runar", "config.json");
}

/** A node as its file describes it. */
export interface NodeFile {
  /** The file's keys that are a config's. */
  config: NodeConfig;
  identity: Identity;
}

/** Reads a config file, and the keys that it names: from a store, or from the system's keyring. */
export async function readNodeFile(path: string | URL, keys?: KeyStore): Promise<NodeFile> {
  const {
    keys_name: keysName,
    node_public_key: publicKey,
    // Where the CLI waits for the answer of the authority; of no use once it has been given.
    setup_server: _,
    ...config
  } = readJson(path);
  const name = checkString(keysName, "config.keys_name", "ERR_RUNAR_CONFIG");
  const expected = checkString(
    publicKey,
    "config.node_public_key",
    "ERR_RUNAR_CONFIG",
  )?.toLowerCase();
  const identity =
    keys === undefined ? await fromKeyring(name, expected) : await fromStore(keys, "options.keys");
  if (expected !== undefined && identity.publicKey !== expected) {
    const { nodeId } = identity;
    const what = `the keys are of another node, ${nodeId}`;
    refuse("config.node_public_key", what, "ERR_RUNAR_KEYS", { nodeId });
  }
  // The constructor of the node refuses a value that is no config.
  return { config: config as NodeConfig, identity };
}

async function fromStore(store: KeyStore, where: string): Promise<Identity> {
  const saved = await store.load();
  if (saved === undefined) {
    throw createError("ERR_RUNAR_KEYS", `${where}: the store has no keys`);
  }
  return Identity.restore(saved);
}

async function fromKeyring(
  name: string | undefined,
  publicKey: string | undefined,
): Promise<Identity> {
  if (name === undefined) {
    return refuse(
      "config.keys_name",
      "expected the name of an entry of the keyring; or give a store in options.keys",
      "ERR_RUNAR_CONFIG",
    );
  }
  const saved = await keyringStore({ account: name }).load();
  if (saved !== undefined) return Identity.restore(saved);
  for (const other of await allInKeyring()) {
    const identity = identityOf(other);
    if (identity !== undefined && identity.publicKey === publicKey) return identity;
  }
  throw createError(
    "ERR_RUNAR_KEYRING",
    `runar-node/${name}: the keyring of the system has no such entry`,
    { details: { entry: `runar-node/${name}` } },
  );
}

/** Entries of other programs may be anything. */
function identityOf(bytes: Uint8Array): Identity | undefined {
  try {
    return Identity.restore(bytes);
  } catch {
    return undefined;
  }
}

function readJson(path: string | URL): Record<string, unknown> {
  let config: unknown;
  try {
    config = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw createError("ERR_RUNAR_CONFIG", `${String(path)}: ${describeThrown(cause)}`, { cause });
  }
  checkObject(config, "config", "ERR_RUNAR_CONFIG");
  return config as Record<string, unknown>;
}
