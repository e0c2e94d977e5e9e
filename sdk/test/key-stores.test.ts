import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import {
  type FileStoreOptions,
  fileStore,
  Identity,
  type KeyringLibrary,
  keyringStore,
  memoryStore,
  Network,
  Node,
} from "runar-ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failure, runProgram, thrown } from "./support.js";

const HEADER_BYTES = 14;
const passphrase = "correct horse";
const network = Network.create();
const identity = Identity.create();
network.enrol(identity);
const keys = identity.export();

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "runar-keys-"));
  file = join(folder, "node.keys");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const load = (options?: FileStoreOptions) => fileStore(file, options).load();
const write = (bytes: Uint8Array) => writeFileSync(file, bytes, { mode: 0o600 });
const includesBytes = (bytes: Uint8Array, part: Uint8Array) =>
  Buffer.from(bytes).includes(Buffer.from(part));

describe("memoryStore", () => {
  it("returns undefined, then a copy of the saved keys", async () => {
    const store = memoryStore();
    expect(await store.load()).toBeUndefined();
    const given = Uint8Array.from(keys);
    await store.save(given);
    given.fill(0);
    const loaded = await store.load();
    expect(loaded).toEqual(keys);
    loaded?.fill(0);
    expect(await store.load()).toEqual(keys);
  });
});

const forms: [string, FileStoreOptions][] = [
  ["open", {}],
  ["sealed", { passphrase }],
];

describe.each(forms)("fileStore, %s", (_form, options) => {
  it("returns undefined without a file, then the saved keys", async () => {
    const store = fileStore(file, options);
    expect(await store.load()).toBeUndefined();
    await store.save(keys);
    expect(await store.load()).toEqual(keys);
    expect(await fileStore(pathToFileURL(file), options).load()).toEqual(keys);
    const node = new Node({}, { identity: Identity.restore((await store.load()) ?? "") });
    expect(node.id).toBe(identity.nodeId);
    await store.save(network.export());
    expect(await store.load()).toEqual(network.export());
    expect(readdirSync(folder)).toEqual(["node.keys"]);
  });

  it("is created with mode 0600 whatever the umask", async () => {
    const nested = join(folder, "a", "b", "node.keys");
    const before = process.umask(0);
    try {
      await fileStore(nested, options).save(keys);
    } finally {
      process.umask(before);
    }
    expect(modeOf(nested)).toBe("600");
    expect(modeOf(join(folder, "a"))).toBe("700");
  });

  it("is refused with the chmod command when others can access it", async () => {
    await fileStore(file, options).save(keys);
    for (const mode of [0o640, 0o604, 0o620, 0o602, 0o777]) {
      chmodSync(file, mode);
      expect(await failure(load(options))).toMatchObject({
        name: "IdentityError",
        code: "ERR_RUNAR_KEY_FILE_MODE",
        message: `${file}: others than its owner may read or write it (mode 0${mode.toString(8)}); run: chmod 600 ${file}`,
      });
    }
    chmodSync(file, 0o400);
    expect(await load(options)).toEqual(keys);
  });

  it("gets mode 0600 on the next save", async () => {
    write(new Uint8Array());
    chmodSync(file, 0o666);
    await fileStore(file, options).save(keys);
    expect(modeOf(file)).toBe("600");
    expect(await load(options)).toEqual(keys);
  });

  it("reports truncation at any byte", async () => {
    await fileStore(file, options).save(keys);
    const whole = readFileSync(file);
    for (const length of [...Array(HEADER_BYTES + 40).keys(), whole.length - 1]) {
      write(whole.subarray(0, length));
      const error = await failure(load(options));
      expect(error).toMatchObject({ name: "IdentityError", code: "ERR_RUNAR_KEY_FILE" });
      expect(error.message).toContain(`${file}: was cut short: it has ${length} bytes of at least`);
    }
  });

  it("reports an unknown version, however short the file is", async () => {
    await fileStore(file, options).save(keys);
    const whole = readFileSync(file);
    whole[8] = 2;
    for (const length of [9, HEADER_BYTES, whole.length]) {
      write(whole.subarray(0, length));
      expect(await failure(load(options))).toMatchObject({
        name: "IdentityError",
        code: "ERR_RUNAR_KEY_FILE_VERSION",
        message: `${file}: is a key file of version 2, and this version of runar-ts reads version 1`,
        details: { file, version: 2, known: [1] },
      });
    }
  });

  it("reports a file of another kind or with trailing bytes", async () => {
    await fileStore(file, options).save(keys);
    const whole = readFileSync(file);
    write(keys);
    expect((await failure(load(options))).message).toBe(
      `${file}: is no key file: it does not begin as key files do`,
    );
    write(Uint8Array.of(...whole, 0));
    expect((await failure(load(options))).message).toBe(
      `${file}: is damaged: it has more bytes than it says`,
    );
    rmSync(file);
    mkdirSync(file, { mode: 0o700 });
    expect((await failure(load(options))).message).toBe(
      `${file}: is no key file: it is no file at all`,
    );
  });

  it("returns no keys when any byte is changed", async () => {
    await fileStore(file, options).save(keys);
    const whole = readFileSync(file);
    // Opening a sealed file is slow; changing its cost parameters (3 bytes) would make it slower.
    const positions =
      options.passphrase === undefined
        ? [...whole.keys()].filter((at) => at < HEADER_BYTES || at % 8 === 0)
        : [0, 8, 9, 12, 13, 17, 33, 45, 61, 100, whole.length - 1];
    for (const at of positions) {
      write(whole.map((byte, index) => (index === at ? byte ^ 1 : byte)));
      expect(await failure(load(options))).toMatchObject({ name: "IdentityError" });
    }
  });

  it("replaces the target of a symbolic link and keeps the link", async () => {
    const link = join(folder, "link");
    await fileStore(file, options).save(network.export());
    symlinkSync(file, link);
    await fileStore(link, options).save(keys);
    expect(await load(options)).toEqual(keys);
    expect(readdirSync(folder).sort()).toEqual(["link", "node.keys"]);
  });

  it("reports a failed write and leaves no temporary file", async () => {
    mkdirSync(join(file, "in the way"), { recursive: true });
    const error = await failure(fileStore(file, options).save(keys));
    expect(error).toMatchObject({ name: "IdentityError", code: "ERR_RUNAR_KEY_FILE" });
    expect(error.message).toContain(`${file}: cannot be written: `);
    expect(error.cause).toBeInstanceOf(Error);
    expect(readdirSync(folder)).toEqual(["node.keys"]);
  });
});

describe("fileStore", () => {
  it("is always complete while another process replaces it", async () => {
    const [one, other] = [Uint8Array.from({ length: 50_000 }, () => 1), new Uint8Array(70_000)];
    await fileStore(file).save(one);
    const done = join(folder, "done");
    const writer = runProgram(`
      import { existsSync } from "node:fs";
      import { fileStore } from "runar-ts";
      const store = fileStore(${JSON.stringify(file)});
      const [one, other] = [Uint8Array.from({ length: 50_000 }, () => 1), new Uint8Array(70_000)];
      while (!existsSync(${JSON.stringify(done)})) {
        await store.save(other);
        await store.save(one);
      }`);
    const seen = new Set<number>();
    try {
      // Repeats until both versions have been seen many times.
      for (let times = 0; times < 300 || seen.size < 2; times++) {
        const loaded = await load();
        const expected = loaded?.length === one.length ? one : other;
        expect(Buffer.from(loaded ?? []).equals(expected)).toBe(true);
        seen.add(expected.length);
        await new Promise(setImmediate);
      }
    } finally {
      writeFileSync(done, "");
      expect(await writer).toMatchObject({ code: 0, stderr: "" });
    }
  });

  it("hides sealed keys and opens only with the passphrase", async () => {
    await fileStore(file).save(keys);
    expect(includesBytes(readFileSync(file), keys.subarray(40, 80))).toBe(true);
    await fileStore(file, { passphrase }).save(keys);
    const sealed = readFileSync(file);
    expect(includesBytes(sealed, keys.subarray(40, 48))).toBe(false);
    expect(await failure(load({ passphrase: "battery staple" }))).toMatchObject({
      name: "IdentityError",
      code: "ERR_RUNAR_PASSPHRASE",
      message: `${file}: the passphrase is wrong, or the file is damaged`,
    });
    expect(await failure(load())).toMatchObject({
      code: "ERR_RUNAR_PASSPHRASE",
      message: `${file}: is sealed, and needs its passphrase`,
    });
    await fileStore(file, { passphrase }).save(keys);
    expect(Buffer.from(readFileSync(file)).equals(sealed)).toBe(false);
  });

  it("refuses an unsealed file when a passphrase is given", async () => {
    await fileStore(file).save(keys);
    expect(await failure(load({ passphrase }))).toMatchObject({
      code: "ERR_RUNAR_PASSPHRASE",
      message: `${file}: is not sealed, though a passphrase is given; to seal it, load it without one and save it with one`,
    });
  });

  it("accepts a passphrase in any Unicode normalisation form", async () => {
    await fileStore(file, { passphrase: "caf\u00e9" }).save(keys);
    expect(await load({ passphrase: "cafe\u0301" })).toEqual(keys);
  });

  it("shows neither keys nor passphrase when printed or in errors", async () => {
    const store = fileStore(file, { passphrase });
    await store.save(keys);
    expect(inspect(store, { showHidden: true, depth: 20 })).not.toContain(passphrase);
    expect(JSON.stringify(store)).toBe("{}");
    const error = await failure(load({ passphrase: "battery staple" }));
    expect(inspect(error, { showHidden: true, depth: 20 })).not.toContain("battery staple");
  });

  it("quotes the file name in the command for a shell", async () => {
    file = join(folder, "the node's keys");
    await fileStore(file).save(keys);
    chmodSync(file, 0o644);
    expect((await failure(load())).message).toContain(
      `run: chmod 600 '${folder}/the node'\\''s keys'`,
    );
  });

  it("makes Node.fromFile fail with the same error", async () => {
    const config = join(folder, "config.json");
    writeFileSync(config, "{}");
    const from = () => Node.fromFile(config, { keys: fileStore(file) });
    await fileStore(file).save(keys);
    expect((await from()).id).toBe(identity.nodeId);
    chmodSync(file, 0o644);
    expect((await failure(from())).code).toBe("ERR_RUNAR_KEY_FILE_MODE");
    write(readFileSync(file).subarray(0, -1));
    chmodSync(file, 0o600);
    expect((await failure(from())).code).toBe("ERR_RUNAR_KEY_FILE");
  });
});

describe("keyringStore", () => {
  /** An in-memory keyring with the API of the real one. */
  function makeKeyring(): KeyringLibrary & { entries: Map<string, string> } {
    const entries = new Map<string, string>();
    class Entry {
      readonly #name: string;
      constructor(service: string, account: string) {
        this.#name = `${service}/${account}`;
      }
      getPassword(): string | null {
        return entries.get(this.#name) ?? null;
      }
      setPassword(password: string): void {
        entries.set(this.#name, password);
      }
    }
    return { entries, Entry, findCredentials: () => [] };
  }

  it("keeps keys in the form of the Rust CLI", async () => {
    const library = makeKeyring();
    const store = keyringStore({ account: "runar_1", library });
    expect(await store.load()).toBeUndefined();
    await store.save(keys);
    const text = library.entries.get("runar-node/runar_1") ?? "";
    // A CBOR map of the nine fields of a node's state, the first of which has a name of 13 letters.
    const start = Buffer.from(text, "base64").subarray(0, 15);
    expect(start.toString("latin1")).toBe("\xa9\x6dnode_key_pair");
    const restored = Identity.restore((await store.load()) ?? "");
    expect(restored.toJSON()).toEqual(identity.toJSON());
    expect(new Node({}, { identity: restored }).id).toBe(identity.nodeId);
  });

  it("keeps a network under another service name", async () => {
    const library = makeKeyring();
    const store = keyringStore({ account: "authority", service: "shop", library });
    await store.save(network.export());
    expect([...library.entries.keys()]).toEqual(["shop/authority"]);
    expect(Network.restore((await store.load()) ?? "").id).toBe(network.id);
  });

  it("refuses to save invalid keys", async () => {
    const library = makeKeyring();
    const store = keyringStore({ account: "runar_1", library });
    expect((await failure(store.save(Uint8Array.of(1, 2)))).code).toBe("ERR_RUNAR_KEYS");
    expect(library.entries.size).toBe(0);
  });

  it("passes on the message of the system", async () => {
    class Entry {
      getPassword(): string | null {
        throw new Error("locked");
      }
      setPassword(): void {
        throw new Error("locked");
      }
    }
    const library = { Entry, findCredentials: () => [] };
    const store = keyringStore({ account: "runar_1", library });
    for (const attempt of [store.load(), store.save(keys)]) {
      expect(await failure(attempt)).toMatchObject({
        name: "IdentityError",
        code: "ERR_RUNAR_KEYRING",
        message: "runar-node/runar_1: the keyring of the system refused: locked",
      });
    }
  });
});

describe("checks arguments", () => {
  const refusals: [() => unknown, string][] = [
    [() => fileStore(5 as never), "path: expected a path or a file URL, got a number"],
    [() => fileStore(""), "path: expected a path or a file URL, got an empty string"],
    [
      () => fileStore(new URL("https://example.com/keys")),
      "path: expected a path or a file URL, got an object",
    ],
    [
      () => fileStore("a", { passphrase: "" }),
      "options.passphrase: expected a string that is not empty, got an empty one",
    ],
    [
      () => fileStore("a", { passphrase: 5 } as never),
      "options.passphrase: expected a string that is not empty, got a number",
    ],
    [
      () => fileStore("a", { passfrase: "b" } as never),
      "options.passfrase: unknown key, did you mean passphrase?",
    ],
    [
      () => keyringStore({} as never),
      "options.account: expected a string that is not empty, got undefined",
    ],
    [
      () => keyringStore({ account: "a", service: "" }),
      "options.service: expected a string that is not empty, got an empty one",
    ],
    [
      () => keyringStore({ acount: "a" } as never),
      "options.acount: unknown key, did you mean account?",
    ],
  ];
  it.each(refusals)("%#", (body, message) => {
    expect(thrown(body)).toMatchObject({ code: "ERR_RUNAR_INVALID_ARGUMENT", message });
  });

  it("refuses to save values that are not bytes", async () => {
    for (const store of [memoryStore(), fileStore(file), keyringStore({ account: "a" })]) {
      expect(await failure(store.save("keys" as never))).toMatchObject({
        code: "ERR_RUNAR_INVALID_ARGUMENT",
        message: "keys: expected a Uint8Array, got a string",
      });
    }
    expect(existsSync(file)).toBe(false);
  });
});
