/** The key store in a file, which only its owner can read and which is replaced as a whole. */

import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createError, describeThrown, type RunarError } from "../errors/errors.js";
import { checkOptions, kindOf, refuse } from "../validation/validator.js";
import type { KeyStore } from "./key-store.js";
import { checkBytes } from "./secrets.js";

/** How a key file is kept. */
export interface FileStoreOptions {
  /**
   * Seals the file: AES-256-GCM, with a key that scrypt makes from this. By default the file is
   * protected by its mode alone.
   */
  passphrase?: string;
}

const OPTIONS = ["passphrase"];
const OWNER_ONLY = 0o600;
const OF_OTHERS = 0o077;
/** Only those with a key file wait for Node's cryptography to load, which takes as long as the addon. */
const keyFiles = () => import("./key-file.js");
/** Windows has no modes; there a file has the access rights of its folder. */
const hasModes = process.platform !== "win32";

/**
 * Keeps keys in a file. It is created with mode 0600, in a folder that is made where there is none,
 * and replaced as a whole: a program or machine that stops in the middle leaves the old file.
 * `load` refuses a file that others than its owner may read or write.
 *
 * @throws from `load` and `save` IdentityError: `ERR_RUNAR_KEY_FILE_MODE`, with the command that
 * changes the mode; `ERR_RUNAR_KEY_FILE_VERSION`; `ERR_RUNAR_PASSPHRASE`; and `ERR_RUNAR_KEY_FILE` for
 * a file that was cut short or damaged, is no key file, or cannot be read or written.
 * @example
 * const store = fileStore("/var/lib/shop/node.keys", { passphrase });
 * await store.save(identity.export());
 */
export function fileStore(path: string | URL, options: FileStoreOptions = {}): KeyStore {
  const file = checkPath(path);
  checkOptions(options, OPTIONS);
  const passphrase = checkPassphrase(options.passphrase);
  return {
    load: async () => {
      const bytes = read(file);
      return bytes && (await keyFiles()).readKeyFile(bytes, passphrase, file);
    },
    save: async (keys) => {
      const checked = checkBytes(keys, "keys");
      const { randomName, writeKeyFile } = await keyFiles();
      replace(file, await writeKeyFile(checked, passphrase), randomName());
    },
  };
}

function read(file: string): Uint8Array | undefined {
  try {
    const opened = openSync(file, "r");
    try {
      const status = fstatSync(opened);
      if (!status.isFile()) {
        throw createError("ERR_RUNAR_KEY_FILE", `${file}: is no key file: it is no file at all`, {
          details: { file },
        });
      }
      checkMode(status.mode, file);
      return readFileSync(opened);
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw refused(error, file, "read");
  }
}

function checkMode(mode: number, file: string): void {
  if (!hasModes || (mode & OF_OTHERS) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(4, "0");
  throw createError(
    "ERR_RUNAR_KEY_FILE_MODE",
    `${file}: others than its owner may read or write it (mode ${octal}); run: chmod 600 ${quoted(file)}`,
    { details: { file, mode: octal } },
  );
}

function quoted(file: string): string {
  return /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}

/** A file under another name takes the place of the old one only once all of it is on the disk. */
function replace(file: string, bytes: Uint8Array, name: string): void {
  let made: string | undefined;
  try {
    const target = followed(file);
    const folder = dirname(target);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const temporary = join(folder, `.${basename(target)}.${name}.tmp`);
    const opened = openSync(temporary, "wx", OWNER_ONLY);
    made = temporary;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(opened, bytes, at);
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
    renameSync(temporary, target);
    made = undefined;
    syncFolder(folder);
  } catch (error) {
    if (made !== undefined) rmSync(made, { force: true });
    throw refused(error, file, "written");
  }
}

/** The file that a link leads to, so that the link stays. */
function followed(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** Puts the new name on the disk. Windows does not open folders, and needs it less. */
function syncFolder(folder: string): void {
  if (!hasModes) return;
  const opened = openSync(folder, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function refused(error: unknown, file: string, what: "read" | "written"): RunarError {
  if (error instanceof Error && error.name === "IdentityError") return error as RunarError;
  return createError("ERR_RUNAR_KEY_FILE", `${file}: cannot be ${what}: ${describeThrown(error)}`, {
    cause: error,
    details: { file },
  });
}

function checkPath(path: unknown): string {
  if (path instanceof URL && path.protocol === "file:") return fileURLToPath(path);
  if (typeof path === "string" && path !== "") return path;
  const got = path === "" ? "an empty string" : kindOf(path);
  return refuse("path", `expected a path or a file URL, got ${got}`);
}

function checkPassphrase(given: unknown): string | undefined {
  if (given === undefined || (typeof given === "string" && given !== "")) return given;
  const got = given === "" ? "an empty one" : kindOf(given);
  return refuse("options.passphrase", `expected a string that is not empty, got ${got}`);
}
