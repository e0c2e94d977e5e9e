/** Keys in files, as commands name them. */

import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { Identity } from "../identity/identity.js";
import type { KeyStore } from "../identity/key-store.js";
import { CliError } from "./exits.js";

/** How key files are opened. */
export interface PassphraseOptions {
  passphraseFile?: string;
}

/** Whose keys a node has. */
export interface KeyOptions extends PassphraseOptions {
  key?: string;
}

/** Adds the option that says how key files are opened. A passphrase in an argument would be seen. */
export function addPassphraseOption(command: Command): Command {
  return command.option(
    "--passphrase-file <file>",
    "opens sealed key files, and seals new ones, with the file's first line; or set RUNAR_PASSPHRASE",
  );
}

/** Adds the options that say whose keys a node has. */
export function addKeyOptions(command: Command): Command {
  command.addOption(
    new Option("--key <file>", "the node's keys, as `keys enrol` writes them").env("RUNAR_KEY"),
  );
  return addPassphraseOption(command);
}

function passphraseOf({ passphraseFile }: PassphraseOptions): string | undefined {
  if (passphraseFile === undefined) return process.env.RUNAR_PASSPHRASE || undefined;
  try {
    const [line = ""] = readFileSync(passphraseFile, "utf8").split(/\r?\n/);
    if (line !== "") return line;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError("keys", `The passphrase cannot be read: ${why}`);
  }
  throw new CliError("keys", `${passphraseFile}: the first line is empty, and no passphrase.`);
}

/** The store of a file. */
export async function storeOf(file: string, options: PassphraseOptions): Promise<KeyStore> {
  const { fileStore } = await import("../identity/file-store.js");
  const passphrase = passphraseOf(options);
  return fileStore(file, passphrase === undefined ? {} : { passphrase });
}

/** The keys in a file, which must be there. */
export async function loadKeys(file: string, options: PassphraseOptions): Promise<Uint8Array> {
  const keys = await (await storeOf(file, options)).load();
  if (keys === undefined) throw new CliError("keys", `${file} does not exist.`);
  return keys;
}

/** The identity that the options name, if they name one. */
export async function openIdentity(options: KeyOptions): Promise<Identity | undefined> {
  if (options.key === undefined) return undefined;
  const keys = await loadKeys(options.key, options);
  const { Identity } = await import("../identity/identity.js");
  return Identity.restore(keys);
}
