/**
 * What is in a key file: a header, and the keys, sealed with a passphrase or not.
 *
 *     "RUNARKEY"  version (1)  form (0 open, 1 sealed)  length of what follows (4 bytes, big endian)
 *     open:    SHA-256 of the keys, the keys
 *     sealed:  scrypt's log2 N, r, p, salt (16); nonce (12), tag (16) and text of AES-256-GCM
 *
 * The header and what scrypt is given are authenticated with the text.
 */

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from "node:crypto";
import { createError, type RunarError } from "../errors/errors.js";

const MAGIC = new TextEncoder().encode("RUNARKEY");
const VERSION = 1;
const OPEN = 0;
const SEALED = 1;
const HEADER_BYTES = MAGIC.length + 6;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEAL_BYTES = 3 + SALT_BYTES + NONCE_BYTES + TAG_BYTES;

/** What OWASP asks of scrypt, in the form that takes the least memory: 32 MiB. */
const COST = { log2N: 15, r: 8, p: 3 };
/** A file cannot make its reader spend more. */
const MAX_COST = { log2N: 20, r: 16, p: 16 };
const MAX_MEMORY = 3 * 1024 ** 3;

/** The bytes of a key file. */
export async function writeKeyFile(
  keys: Uint8Array,
  passphrase: string | undefined,
): Promise<Uint8Array> {
  if (passphrase === undefined) {
    return join([header(OPEN, HASH_BYTES + keys.length), hashOf(keys), keys]);
  }
  const { log2N, r, p } = COST;
  const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)];
  const authenticated = join([
    header(SEALED, SEAL_BYTES + keys.length),
    Uint8Array.of(log2N, r, p),
    salt,
  ]);
  const key = await derive(passphrase, salt, COST);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(authenticated);
  const text = [cipher.update(keys), cipher.final()];
  return join([authenticated, nonce, cipher.getAuthTag(), ...text]);
}

/** The keys in the bytes of a key file; `file` names it in errors. */
export async function readKeyFile(
  bytes: Uint8Array,
  passphrase: string | undefined,
  file: string,
): Promise<Uint8Array> {
  const form = checkHeader(bytes, file);
  const body = bytes.subarray(HEADER_BYTES);
  if (form === OPEN) {
    if (passphrase !== undefined) {
      throw createError(
        "ERR_RUNAR_PASSPHRASE",
        `${file}: is not sealed, though a passphrase is given; to seal it, load it without one and save it with one`,
        { details: { file } },
      );
    }
    const keys = body.subarray(HASH_BYTES);
    if (body.length < HASH_BYTES || !timingSafeEqual(hashOf(keys), body.subarray(0, HASH_BYTES))) {
      throw damaged(file, "its keys are not those that were written");
    }
    return Uint8Array.from(keys);
  }
  if (passphrase === undefined) {
    throw createError("ERR_RUNAR_PASSPHRASE", `${file}: is sealed, and needs its passphrase`, {
      details: { file },
    });
  }
  return unseal(bytes, body, passphrase, file);
}

async function unseal(
  bytes: Uint8Array,
  body: Uint8Array,
  passphrase: string,
  file: string,
): Promise<Uint8Array> {
  const [log2N = 0, r = 0, p = 0] = body;
  const isSound =
    body.length > SEAL_BYTES &&
    [log2N, r, p].every((value) => value > 0) &&
    log2N <= MAX_COST.log2N &&
    r <= MAX_COST.r &&
    p <= MAX_COST.p;
  if (!isSound) throw damaged(file, "it says of its seal what cannot be");
  const salt = body.subarray(3, 3 + SALT_BYTES);
  const nonce = body.subarray(3 + SALT_BYTES, 3 + SALT_BYTES + NONCE_BYTES);
  const tag = body.subarray(SEAL_BYTES - TAG_BYTES, SEAL_BYTES);
  const key = await derive(passphrase, salt, { log2N, r, p });
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(bytes.subarray(0, HEADER_BYTES + 3 + SALT_BYTES));
  decipher.setAuthTag(tag);
  try {
    return join([decipher.update(body.subarray(SEAL_BYTES)), decipher.final()]);
  } catch {
    throw createError(
      "ERR_RUNAR_PASSPHRASE",
      `${file}: the passphrase is wrong, or the file is damaged`,
      { details: { file } },
    );
  }
}

/** A name that no other file has. */
export function randomName(): string {
  return randomBytes(6).toString("hex");
}

/** Which form the file has. */
function checkHeader(bytes: Uint8Array, file: string): number {
  const start = bytes.subarray(0, MAGIC.length);
  if (!start.every((byte, at) => byte === MAGIC[at])) {
    throw damaged(file, "it does not begin as key files do", "is no key file");
  }
  const version = bytes[MAGIC.length];
  if (version !== undefined && version !== VERSION) {
    throw createError(
      "ERR_RUNAR_KEY_FILE_VERSION",
      `${file}: is a key file of version ${version}, and this version of runar-ts reads version ${VERSION}`,
      { details: { file, version, known: [VERSION] } },
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole =
    bytes.length < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + view.getUint32(MAGIC.length + 2);
  if (bytes.length < whole) {
    throw damaged(file, `it has ${bytes.length} bytes of at least ${whole}`, "was cut short");
  }
  const form = bytes[MAGIC.length + 1];
  if (bytes.length > whole) throw damaged(file, "it has more bytes than it says");
  if (form !== OPEN && form !== SEALED) throw damaged(file, "it says neither open nor sealed");
  return form;
}

function damaged(file: string, why: string, what = "is damaged"): RunarError {
  return createError("ERR_RUNAR_KEY_FILE", `${file}: ${what}: ${why}`, { details: { file } });
}

function header(form: number, length: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  bytes.set(MAGIC);
  bytes[MAGIC.length] = VERSION;
  bytes[MAGIC.length + 1] = form;
  new DataView(bytes.buffer).setUint32(MAGIC.length + 2, length);
  return bytes;
}

function hashOf(keys: Uint8Array): Uint8Array {
  return createHash("sha256").update(keys).digest();
}

function derive(
  passphrase: string,
  salt: Uint8Array,
  { log2N, r, p }: typeof COST,
): Promise<Uint8Array> {
  const cost = { N: 2 ** log2N, r, p, maxmem: MAX_MEMORY };
  return new Promise((resolve, reject) => {
    // The same passphrase typed on another keyboard may be composed of other characters.
    scrypt(passphrase.normalize("NFKC"), salt, 32, cost, (error, key) =>
      error === null || error === undefined ? resolve(key) : reject(error),
    );
  });
}

function join(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
