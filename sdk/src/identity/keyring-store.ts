/** The key store in the system's keyring, with the entries of the Rust CLI. */

import { createError, describeThrown, type RunarError } from "../errors/errors.js";
import { callNative, native } from "../native/binding.js";
import { checkOptions, kindOf, refuse } from "../validation/validator.js";
import type { KeyStore } from "./key-store.js";
import { checkBytes } from "./secrets.js";

/** What of `@napi-rs/keyring` is used. */
export interface KeyringLibrary {
  /** Makes what reads and writes one entry. */
  Entry: new (
    service: string,
    account: string,
  ) => KeyringEntry;
  /** The entries of a service. */
  findCredentials(service: string): KeyringCredential[];
}

/** One entry of the keyring, as `@napi-rs/keyring` has it. */
export interface KeyringEntry {
  /** What is kept there; null for nothing. */
  getPassword(): string | null;
  /** Keeps a text there. */
  setPassword(password: string): void;
}

/** An entry that was found, as `@napi-rs/keyring` has it. */
export interface KeyringCredential {
  /** The name of the entry. */
  account: string;
  /** What is kept there. */
  password: string;
}

/** Which entry of the keyring holds the keys. */
export interface KeyringStoreOptions {
  /** The name of the entry, which the Rust CLI calls `keys_name`. */
  account: string;
  /** The service that the entry is of: by default `runar-node`, as in the Rust CLI. */
  service?: string;
  /**
   * The package `@napi-rs/keyring`, for programs that are bundled into one file. By default it is
   * loaded when it is first needed.
   */
  library?: KeyringLibrary;
}

const OPTIONS = ["account", "service", "library"];

/** What the Rust CLI names its entries' service. */
export const CLI_SERVICE = "runar-node";

/** A name of the package that bundlers do not follow: it is optional. */
const PACKAGE: string = "@napi-rs/keyring";

/**
 * Keeps keys in the keyring of the system: Keychain, Credential Manager, or Secret Service. Needs the
 * package `@napi-rs/keyring`. Entries are those of the Rust CLI: CBOR in base64.
 *
 * @throws from `load` and `save` IdentityError (`ERR_RUNAR_KEYRING`) when the package is not installed,
 * or the system has no keyring or refuses.
 * @example
 * const store = keyringStore({ account: "runar_shop" });
 * await store.save(identity.export());
 */
export function keyringStore(options: KeyringStoreOptions): KeyStore {
  checkOptions(options, OPTIONS);
  const account = checkName(options.account, "account");
  const service = checkName(options.service ?? CLI_SERVICE, "service");
  const entry = async () => {
    const library = options.library ?? (await loadLibrary());
    return new library.Entry(service, account);
  };
  const where = `${service}/${account}`;
  return {
    load: async () => {
      const text = await attempt(where, async () => (await entry()).getPassword());
      return text === null ? undefined : decoded(text);
    },
    save: async (keys) => {
      checkBytes(keys, "keys");
      const text = encoded(callNative(() => native.keysAsCbor(keys)));
      await attempt(where, async () => (await entry()).setPassword(text));
    },
  };
}

/**
 * The keys of a service's entries, whatever their names. The Rust CLI writes another name into its
 * config than the one that it gives the entry.
 */
export async function allInKeyring(library?: KeyringLibrary): Promise<Uint8Array[]> {
  const found = await attempt(CLI_SERVICE, async () =>
    (library ?? (await loadLibrary())).findCredentials(CLI_SERVICE),
  );
  return found.map(({ password }) => decoded(password));
}

async function loadLibrary(): Promise<KeyringLibrary> {
  try {
    return (await import(PACKAGE)) as KeyringLibrary;
  } catch (cause) {
    throw createError(
      "ERR_RUNAR_KEYRING",
      `The keyring of the system needs the package ${PACKAGE}: npm install ${PACKAGE}`,
      { cause, details: { package: PACKAGE } },
    );
  }
}

async function attempt<T>(where: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw refused(error, where);
  }
}

function refused(error: unknown, where: string): RunarError {
  if (error instanceof Error && error.name === "IdentityError") return error as RunarError;
  return createError(
    "ERR_RUNAR_KEYRING",
    `${where}: the keyring of the system refused: ${describeThrown(error)}`,
    { cause: error, details: { entry: where } },
  );
}

function checkName(given: unknown, key: string): string {
  if (typeof given === "string" && given !== "") return given;
  const got = given === "" ? "an empty one" : kindOf(given);
  return refuse(`options.${key}`, `expected a string that is not empty, got ${got}`);
}

function encoded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** The bytes of an entry. Text that is not base64 fails later, when its bytes are read as keys. */
function decoded(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "base64"));
}
