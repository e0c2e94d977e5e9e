import { createPrivateKey } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { Identity, IdentityError, type LogRecord, memoryStore, Network, Node } from "runar-ts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fixtures } from "../../ci/fixtures.mjs";
import { failure, lanes, makeNode, runProgram, stopNodes, thrown } from "./support.js";

const YEAR_MS = 365 * 24 * 3600 * 1000;
const ID = /^[0-9a-v]{26}$/;

const enrolled = (network = Network.create()) => {
  const identity = Identity.create();
  network.enrol(identity);
  return identity;
};
const expired = () => Identity.restore(fixtures.fixtureExpiredIdentity(enrolled().export()));
const inCbor = (identity: Identity) => fixtures.keysAsCbor(identity.export());
const inBase64 = (identity: Identity) => Buffer.from(inCbor(identity)).toString("base64");

/** The secret scalar of a node's key pair, which is the first field of its state. */
function secretOf(identity: Identity): Buffer {
  const keys = Buffer.from(identity.export());
  const der = keys.subarray(8, 8 + Number(keys.readBigUInt64LE(0)));
  const jwk = createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({
    format: "jwk",
  });
  const point = `04${[jwk.x, jwk.y].map((part) => Buffer.from(part ?? "", "base64url").toString("hex")).join("")}`;
  expect(point).toBe(identity.publicKey);
  return Buffer.from(jwk.d ?? "", "base64url");
}

/** Whether a text contains a part of a secret in one of the usual notations for bytes. */
function containsSecret(text: string, secret: Buffer): boolean {
  return [0, 8, 16, 24].some((at) => {
    const part = secret.subarray(at, at + 8);
    const decimal = Array.from(part).join(",");
    const spaced = Array.from(part).join(", ");
    const dumped = (part.toString("hex").match(/../g) ?? []).join(" ");
    const written = [part.toString("hex"), decimal, spaced, dumped];
    return written.some((form) => text.toLowerCase().includes(form));
  });
}

afterEach(stopNodes);

describe("an identity", () => {
  it("is new each time and belongs to no network", () => {
    const [one, other] = [Identity.create(), Identity.create()];
    expect(one.nodeId).toMatch(ID);
    expect(one.publicKey).toMatch(/^04[0-9a-f]{128}$/);
    expect(one.networkId).toBeUndefined();
    expect(one.networkIds).toEqual([]);
    expect(one.certificate).toBeUndefined();
    expect(other.nodeId).not.toBe(one.nodeId);
  });

  it("is enrolled by a network for a year", () => {
    const network = Network.create();
    const before = Math.floor(Date.now() / 1000) * 1000;
    const identity = enrolled(network);
    expect(network.id).toMatch(ID);
    expect(identity.networkId).toBe(network.id);
    const { subject, issuer, validFrom, validUntil } = identity.certificate ?? {};
    expect(subject).toContain(`CN=${identity.nodeId}`);
    expect(issuer).toContain("CN=Runar User CA");
    expect(validFrom?.getTime()).toBeGreaterThanOrEqual(before);
    expect(validFrom?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(Number(validUntil) - Number(validFrom)).toBe(YEAR_MS);
  });

  it("belongs only to the newest network when enrolled twice", () => {
    const identity = enrolled();
    const other = Network.create();
    other.enrol(identity);
    expect(identity.networkIds).toEqual([other.id]);
  });

  it("is enrolled over bytes between machines", () => {
    const network = Network.restore(Network.create().export());
    const there = Identity.create();
    const request = there.request();
    const grant = network.grant(request, { nodeId: there.nodeId });
    const restored = Identity.restore(there.export());
    restored.install(grant, { networkId: network.id });
    expect(restored.networkId).toBe(network.id);
    expect(there.networkId).toBeUndefined();
    expect(new Node({}, { identity: restored }).id).toBe(there.nodeId);
  });

  it("keeps its id when it renews an expired certificate", () => {
    const network = Network.create();
    const identity = enrolled(network);
    const old = Identity.restore(fixtures.fixtureExpiredIdentity(identity.export()));
    expect(thrown(() => new Node({}, { identity: old })).code).toBe(
      "ERR_RUNAR_CERTIFICATE_EXPIRED",
    );
    old.renew(network);
    expect(old.nodeId).toBe(identity.nodeId);
    expect(old.networkId).toBe(network.id);
    expect(new Node({}, { identity: old }).id).toBe(identity.nodeId);
  });

  it("is renewed only by its own network", () => {
    const identity = enrolled();
    const before = identity.export();
    expect(thrown(() => identity.renew(Network.create()))).toMatchObject({
      name: "IdentityError",
      code: "ERR_RUNAR_WRONG_NETWORK",
    });
    expect(identity.export()).toEqual(before);
    expect(thrown(() => Identity.create().renew(Network.create())).code).toBe(
      "ERR_RUNAR_NOT_ENROLLED",
    );
  });
});

describe("a request", () => {
  const network = Network.create();
  const identity = Identity.create();
  const request = identity.request();

  it("is refused when any byte is changed, without effect on the network", () => {
    const keys = network.export();
    const position = fc.integer({ min: 0, max: request.length - 1 });
    fc.assert(
      fc.property(position, fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = request.map((byte, index) => (index === at ? byte ^ mask : byte));
        expect(thrown(() => network.grant(changed)).code).toBe("ERR_RUNAR_ENROLMENT");
      }),
    );
    expect(network.export()).toEqual(keys);
  });

  it("is refused when it is truncated or of another kind", () => {
    for (const bytes of [request.subarray(0, -1), new Uint8Array(), identity.export()]) {
      expect(thrown(() => network.grant(bytes))).toMatchObject({
        name: "IdentityError",
        code: "ERR_RUNAR_ENROLMENT",
        message:
          "These bytes are no request of a node, or are damaged: identity.request() makes one",
      });
    }
  });

  it("is refused when it is from another node than expected", () => {
    const expectedId = Identity.create().nodeId;
    expect(thrown(() => network.grant(request, { nodeId: expectedId }))).toMatchObject({
      code: "ERR_RUNAR_ENROLMENT",
      message: `The request is of node ${identity.nodeId}, not of ${expectedId}`,
      details: { nodeId: identity.nodeId, expected: expectedId },
    });
  });

  it("is refused when it gives the network key to another key holder", () => {
    // In a request the key that encrypts the network key follows the key of the node.
    const keyAt = 8 + 65 + 8;
    const foreign = Identity.create()
      .request()
      .subarray(keyAt, keyAt + 65);
    const forged = Uint8Array.from(request);
    forged.set(foreign, keyAt);
    expect(thrown(() => network.grant(forged, { nodeId: identity.nodeId }))).toMatchObject({
      code: "ERR_RUNAR_ENROLMENT",
      message: "The request was changed after its node had signed it",
    });
  });
});

describe("a grant", () => {
  const network = Network.create();

  it("is refused when a byte is changed, unless the change has no meaning", () => {
    const identity = Identity.create();
    const grant = network.grant(identity.request());
    const position = fc.integer({ min: 0, max: grant.length - 1 });
    fc.assert(
      fc.property(position, fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = grant.map((byte, index) => (index === at ? byte ^ mask : byte));
        const node = Identity.restore(identity.export());
        try {
          node.install(changed, { networkId: network.id });
        } catch (error) {
          expect(error).toMatchObject({ code: "ERR_RUNAR_ENROLMENT" });
          expect(node.networkId).toBeUndefined();
          return;
        }
        expect(node.networkId).toBe(network.id);
        expect(new Node({}, { identity: node }).id).toBe(identity.nodeId);
      }),
    );
  });

  it("for another node or truncated is refused without effect on the identity", () => {
    const identity = enrolled(network);
    const before = identity.export();
    const foreign = network.grant(Identity.create().request());
    expect(thrown(() => identity.install(foreign))).toMatchObject({
      code: "ERR_RUNAR_ENROLMENT",
      message: `The grant is for another node than ${identity.nodeId}`,
    });
    const grant = network.grant(identity.request());
    expect(thrown(() => identity.install(grant.subarray(1))).code).toBe("ERR_RUNAR_ENROLMENT");
    expect(identity.export()).toEqual(before);
  });

  it("is refused when it is from another network than expected", () => {
    const identity = Identity.create();
    const grant = Network.create().grant(identity.request());
    expect(thrown(() => identity.install(grant, { networkId: network.id })).code).toBe(
      "ERR_RUNAR_ENROLMENT",
    );
  });
});

describe("reads keys in every form that Rust programs write", () => {
  const identity = enrolled();
  const forms: [string, Uint8Array | string][] = [
    ["bincode", identity.export()],
    ["CBOR", inCbor(identity)],
    ["base64, as a string", inBase64(identity)],
    ["base64, as bytes with a line end", Buffer.from(`${inBase64(identity)}\n`)],
  ];

  it.each(forms)("%s", (_name, form) => {
    const restored = Identity.restore(form);
    expect(restored.toJSON()).toEqual(identity.toJSON());
    expect(secretOf(restored)).toEqual(secretOf(identity));
    expect(new Node({}, { identity: restored }).id).toBe(identity.nodeId);
  });

  it("the keys of a network", () => {
    const network = Network.create();
    const cbor = fixtures.keysAsCbor(network.export());
    for (const form of [network.export(), cbor, Buffer.from(cbor).toString("base64")]) {
      const restored = Network.restore(form, { id: network.id });
      expect(restored.id).toBe(network.id);
      expect(enrolled(restored).networkId).toBe(network.id);
    }
    expect(thrown(() => Network.restore(cbor, { id: "another" }))).toMatchObject({
      code: "ERR_RUNAR_WRONG_NETWORK",
      message: `The authority has the networks ${network.id}: none is another`,
    });
  });

  it("refuses damaged or invalid keys without showing them", () => {
    const keys = identity.export();
    const NOT_NODE = "These bytes are not the keys of a node, or are damaged";
    const broken = [
      keys.subarray(0, -1),
      Uint8Array.of(...keys, 0),
      inCbor(identity).subarray(0, -1),
      keys.map((byte, index) => (index === 12 ? byte ^ 1 : byte)),
      new Uint8Array(),
      "hunter2",
    ];
    for (const bytes of broken) {
      expect(thrown(() => Identity.restore(bytes))).toMatchObject({
        name: "IdentityError",
        code: "ERR_RUNAR_KEYS",
        message: NOT_NODE,
        details: undefined,
      });
    }
    const network = Network.create();
    expect(thrown(() => Identity.restore(network.export())).message).toBe(
      "These are the keys of a network's authority, not of a node: use Network.restore",
    );
    expect(thrown(() => Network.restore(keys)).code).toBe("ERR_RUNAR_KEYS");
  });
});

describe("a node", () => {
  it.each(lanes)("has the id of its identity and serves calls (%s)", async (localCalls) => {
    const identity = enrolled();
    const config = { default_network_id: identity.networkId as string };
    const node = makeNode({ identity, localCalls }, config);
    expect(node.id).toBe(identity.nodeId);
    node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
    await node.start();
    expect(node.id).toBe(identity.nodeId);
    expect(await node.request("a/ping")).toBe("pong");
    await node.stop();
    await node.start();
    expect(node.id).toBe(identity.nodeId);
  });

  it("needs an identity that is enrolled", () => {
    const identity = Identity.create();
    const error = thrown(() => new Node({}, { identity }));
    expect(error).toBeInstanceOf(IdentityError);
    expect(error).toMatchObject({
      code: "ERR_RUNAR_NOT_ENROLLED",
      retryable: false,
      message: `The identity of node ${identity.nodeId} has no certificate: enrol it with network.enrol(identity)`,
      details: { nodeId: identity.nodeId },
    });
  });

  it("needs an identity that has not expired", () => {
    const identity = expired();
    expect(thrown(() => new Node({}, { identity }))).toMatchObject({
      name: "IdentityError",
      code: "ERR_RUNAR_CERTIFICATE_EXPIRED",
      message: `The certificate of node ${identity.nodeId} has expired: renew it with identity.renew(network)`,
      details: {
        nodeId: identity.nodeId,
        validUntil: identity.certificate?.validUntil.getTime(),
      },
    });
  });

  it("needs an identity of the network that its config names", () => {
    const identity = enrolled();
    const other = Network.create().id;
    expect(thrown(() => new Node({ default_network_id: other }, { identity }))).toMatchObject({
      name: "IdentityError",
      code: "ERR_RUNAR_WRONG_NETWORK",
      message: `config.default_network_id: the identity is of network ${identity.networkId}, not of ${other}`,
      details: { networkIds: [identity.networkId], wanted: other },
    });
  });

  it("refuses other values as an identity", () => {
    const given = { nodeId: "a" } as unknown as Identity;
    expect(thrown(() => new Node({}, { identity: given }))).toMatchObject({
      code: "ERR_RUNAR_INVALID_ARGUMENT",
      message: "options.identity: expected an Identity, got an object",
    });
  });
});

describe("checks arguments", () => {
  const refusals: [string, () => unknown, string][] = [
    [
      "restore",
      () => Identity.restore(5 as never),
      "keys: expected a Uint8Array or a base64 string, got a number",
    ],
    [
      "grant",
      () => Network.create().grant("a" as never),
      "request: expected a Uint8Array, got a string",
    ],
    [
      "install",
      () => Identity.create().install([] as never),
      "grant: expected a Uint8Array, got an array",
    ],
    [
      "enrol",
      () => Network.create().enrol({} as never),
      "identity: expected an Identity, got an object",
    ],
    [
      "grant options",
      () => Network.create().grant(new Uint8Array(), { nodeid: "" } as never),
      "options.nodeid: unknown key, did you mean nodeId?",
    ],
    [
      "install options",
      () => Identity.create().install(new Uint8Array(), { networkid: "" } as never),
      "options.networkid: unknown key, did you mean networkId?",
    ],
    [
      "a network id",
      () => Identity.create().install(new Uint8Array(), { networkId: 5 } as never),
      "options.networkId: expected a string, got a number",
    ],
    [
      "a node id",
      () => Network.create().grant(new Uint8Array(), { nodeId: null } as never),
      "options.nodeId: expected a string, got null",
    ],
    [
      "an id to restore",
      () => Network.restore(new Uint8Array(), { id: {} } as never),
      "options.id: expected a string, got an object",
    ],
  ];
  it.each(refusals)("%s", (_name, body, message) => {
    expect(thrown(body)).toMatchObject({ code: "ERR_RUNAR_INVALID_ARGUMENT", message });
  });
});

describe("secrets are hidden", () => {
  const network = Network.create();
  const identity = enrolled(network);
  const secret = secretOf(identity);

  it("the search of this test finds exported secrets", () => {
    expect(containsSecret(inspect(secret, { maxArrayLength: null }), secret)).toBe(true);
    expect(containsSecret(JSON.stringify(Array.from(identity.export())), secret)).toBe(true);
    expect(containsSecret(identity.publicKey, secret)).toBe(false);
  });

  it("from util.inspect, console.log and JSON, which show public fields", () => {
    const { nodeId, publicKey, networkIds } = identity;
    const deep = inspect({ identity, network }, { showHidden: true, depth: 20 });
    expect(deep).toContain(nodeId);
    expect(containsSecret(deep, secret)).toBe(false);
    expect(inspect(identity)).toMatch(/^Identity \{/);
    expect(inspect(network)).toBe(`Network { id: '${network.id}' }`);
    expect(JSON.parse(JSON.stringify({ identity, network }))).toMatchObject({
      identity: { nodeId, publicKey, networkIds },
      network: { id: network.id },
    });
    expect(Object.keys(JSON.parse(JSON.stringify(identity)))).toEqual([
      "nodeId",
      "publicKey",
      "networkIds",
      "certificate",
    ]);
  });

  it("from properties, and a changed export has no effect", () => {
    expect(Reflect.ownKeys(identity)).toEqual([]);
    expect(Reflect.ownKeys(network)).toEqual(["id"]);
    identity.export().fill(0);
    network.export().fill(0);
    expect(secretOf(identity)).toEqual(secret);
    expect(enrolled(network).networkId).toBe(network.id);
  });

  it("from the records of a node at level trace and from errors about its options", async () => {
    const records: LogRecord[] = [];
    const config = { logging_config: { default_level: "trace" as const } };
    const node = makeNode({ identity, logger: (record) => records.push(record) }, config);
    await node.start();
    await node.stop();
    expect(records.some(({ nodeId }) => nodeId === identity.nodeId)).toBe(true);
    expect(containsSecret(inspect(records, { depth: 20 }), secret)).toBe(false);
    const error = thrown(() => new Node({ default_network_id: "other" }, { identity }));
    expect(containsSecret(inspect(error, { showHidden: true, depth: 20 }), secret)).toBe(false);
  });
});

describe("Node.fromFile", () => {
  const identity = enrolled();
  let folder: string;
  const cli = () => ({
    node_id: identity.nodeId,
    default_network_id: identity.networkId,
    network_ids: [],
    keys_name: "runar_0b5a7c1e",
    node_public_key: identity.publicKey,
    setup_server: { ip: "127.0.0.1", port: 8080 },
    request_timeout_ms: 30000,
  });
  const file = (config: unknown) => {
    const path = join(folder, "config.json");
    writeFileSync(path, typeof config === "string" ? config : JSON.stringify(config));
    return path;
  };
  const storeOf = async (keys: Uint8Array) => {
    const store = memoryStore();
    await store.save(keys);
    return store;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "runar-identity-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("makes a node from the files of the Rust CLI", async () => {
    const keys = await storeOf(inCbor(identity));
    const records: LogRecord[] = [];
    const node = await Node.fromFile(file(cli()), { keys, logger: (one) => records.push(one) });
    expect(node.id).toBe(identity.nodeId);
    node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
    await node.start();
    expect(await node.request("a/ping")).toBe("pong");
    await node.stop();
  });

  it("reads the other config keys from the file and refuses unknown ones", async () => {
    const keys = await storeOf(identity.export());
    const node = await Node.fromFile(file({ ...cli(), request_timeout_ms: 40 }), { keys });
    node.addService({ name: "a", path: "a", actions: { wait: () => new Promise(() => {}) } });
    await node.start();
    expect((await failure(node.request("a/wait"))).code).toBe("ERR_RUNAR_TIMEOUT");
    await node.stop({ drainMs: 0 });
    expect(
      await failure(Node.fromFile(file({ ...cli(), setup_sever: {} }), { keys })),
    ).toMatchObject({ code: "ERR_RUNAR_CONFIG" });
  });

  it("refuses keys of another node, and a store without keys", async () => {
    const other = enrolled();
    const keys = await storeOf(other.export());
    expect(await failure(Node.fromFile(file(cli()), { keys }))).toMatchObject({
      name: "IdentityError",
      code: "ERR_RUNAR_KEYS",
      message: `config.node_public_key: the keys are of another node, ${other.nodeId}`,
    });
    expect(await failure(Node.fromFile(file(cli()), { keys: memoryStore() }))).toMatchObject({
      code: "ERR_RUNAR_KEYS",
      message: "options.keys: the store has no keys",
    });
  });

  it("explains what is wrong with a file", async () => {
    const code = async (path: string) => (await failure(Node.fromFile(path))).code;
    expect(await code(join(folder, "nowhere.json"))).toBe("ERR_RUNAR_CONFIG");
    expect(await code(file("{"))).toBe("ERR_RUNAR_CONFIG");
    expect(await code(file([]))).toBe("ERR_RUNAR_CONFIG");
    const { keys_name: _, ...nameless } = cli();
    expect((await failure(Node.fromFile(file(nameless)))).message).toBe(
      "config.keys_name: expected the name of an entry of the keyring; or give a store in options.keys",
    );
    expect((await failure(Node.fromFile(file({ ...cli(), keys_name: 5 })))).message).toBe(
      "config.keys_name: expected a string, got a number",
    );
  });

  it("uses the default path of the Rust CLI when no file is named", async () => {
    const body = `import { memoryStore } from "runar-ts";
      await Node.fromFile(undefined, { keys: memoryStore() }).catch((error) => console.log(error.message));`;
    mkdirSync(join(folder, ".runar"));
    const path = join(folder, ".runar", "config.json");
    const run = async () => (await runProgram(body, [], { HOME: folder })).stdout;
    expect(await run()).toContain(path);
    writeFileSync(path, JSON.stringify(cli()));
    expect(await run()).toBe("options.keys: the store has no keys\n");
  });

  /** Runs a program for which the keyring package is the given module, or is missing. */
  async function withKeyring(entries: Record<string, string> | undefined): Promise<string> {
    const source = `const entries = ${JSON.stringify(entries)};
      export class Entry {
        constructor(service, account) { this.key = service + "/" + account; }
        getPassword() { return entries[this.key] ?? null; }
      }
      export const findCredentials = (service) => Object.entries(entries)
        .filter(([key]) => key.startsWith(service + "/"))
        .map(([key, password]) => ({ account: key.slice(service.length + 1), password }));`;
    const module = `data:text/javascript,${encodeURIComponent(source)}`;
    const answer =
      entries === undefined
        ? `throw new Error("not found")`
        : `return { url: ${JSON.stringify(module)}, shortCircuit: true }`;
    const hooks = `export async function resolve(name, context, next) {
      if (name === "@napi-rs/keyring") ${answer};
      return next(name, context);
    }`;
    const register = `import { register } from "node:module";
      register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});`;
    const ended = await runProgram(
      `await Node.fromFile(${JSON.stringify(file(cli()))}).then(
        (node) => console.log(node.id),
        (error) => console.log(error.code, error.message),
      );`,
      ["--import", `data:text/javascript,${encodeURIComponent(register)}`],
    );
    expect(ended.stderr).toBe("");
    return ended.stdout;
  }

  it("finds the keys in the system keyring", async () => {
    const entries = { "runar-node/runar_0b5a7c1e": inBase64(identity) };
    expect(await withKeyring(entries)).toBe(`${identity.nodeId}\n`);
  });

  it("finds keys under the name that the Rust CLI uses", async () => {
    const entries = {
      "runar-node/of_something_else": "hunter2",
      "runar-node/of_another_node": inBase64(enrolled()),
      "runar-node/runar_ffffffff": inBase64(identity),
    };
    expect(await withKeyring(entries)).toBe(`${identity.nodeId}\n`);
  });

  it("reports a keyring without the keys, and one that cannot be reached", async () => {
    expect(await withKeyring({})).toBe(
      "ERR_RUNAR_KEYRING runar-node/runar_0b5a7c1e: the keyring of the system has no such entry\n",
    );
    expect(await withKeyring(undefined)).toBe(
      "ERR_RUNAR_KEYRING The keyring of the system needs the package @napi-rs/keyring: npm install @napi-rs/keyring\n",
    );
  });
});
