/** Commands that connect to peers, with real peers. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore, Identity, Network } from "runar-ts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type CliOptions, runCli, startCli } from "./cli.js";
import type { JsonProcess, Told } from "./json-process.js";
import { killRustPeers, RustPeer } from "./rust-peer.js";

const SERVICES = `
export default async (node) => {
  await node.addService({
    name: "math-service",
    path: "math",
    actions: {
      add: (a, b) => a + b,
      fail: () => { throw new RangeError("out of paper"); },
      never: () => new Promise(() => {}),
      wait: (caller) => {
        console.log(JSON.stringify({ event: "called", caller }));
        return new Promise(() => {});
      },
      bytes: () => new Uint8Array([1, 2]),
    },
  });
  const changes = node.peerChanges();
  void (async () => {
    for await (const { peer } of changes) {
      if (peer.subscriptions.includes("news/*")) await node.publish("news/weather", { sun: true });
    }
  })();
};`;

let cwd = "";
let host: JsonProcess;
let peer = "";
let hostId = "";
const network = Network.create();

async function member(name: string): Promise<Identity> {
  const identity = Identity.create();
  network.enrol(identity);
  await fileStore(join(cwd, name)).save(identity.export());
  return identity;
}

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "runar-ts-cli-"));
  const identity = await member("host.keys");
  await member("caller.keys");
  hostId = identity.nodeId;
  writeFileSync(join(cwd, "services.mjs"), SERVICES);
  const run = ["node", "run", "services.mjs", "--key", "host.keys", "--bind", "127.0.0.1:0"];
  host = startCli(run, { cwd });
  const started = await host.next({ event: "started" });
  peer = `${identity.publicKey}@${(started.addresses as string[])[0]}`;
});

afterEach(killRustPeers);

afterAll(async () => {
  host.child.kill("SIGTERM");
  await host.ended;
  rmSync(cwd, { recursive: true, force: true });
});

const caller = (): CliOptions => ({ cwd, env: { RUNAR_KEY: "caller.keys" } });

async function call(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await runCli(["call", ...args, "--peer", peer], caller());
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

async function failureOf(args: string[], options = caller()) {
  const { code, stdout, stderr } = await runCli(args, options);
  expect(stdout).toBe("");
  const { error } = JSON.parse(stderr);
  expect(error.exitCode).toBe(code);
  return error;
}

describe("call", () => {
  it("prints the answer of a peer", async () => {
    expect(await call("math/add", "[2, 3]")).toBe(5);
    expect(await call("math/bytes")).toEqual({ base64: "AQI=" });
  });

  it("reads the payload from standard input", async () => {
    const command = startCli(["call", "math/add", "-", "--peer", peer], caller());
    command.child.stdin.end("[20, 22]");
    expect(await command.ended).toMatchObject({ code: 0, stdout: "42\n" });
  });

  it("reaches services in Rust", async () => {
    const rust = await RustPeer.start(await member("rust.keys"));
    const at = `${rust.publicKey}@${rust.address}`;
    const args = ["call", "calculator/add", '{"a": 2, "b": 0.5}', "--peer", at];
    expect(await runCli(args, caller())).toMatchObject({ code: 0, stdout: "2.5\n" });
  });

  it.each([
    ["a failing action", ["math/fail"], 6, "out of paper"],
    ["an unknown action", ["math/nothing"], 5, "math/nothing"],
    ["an unknown service", ["nothing/add"], 5, "nothing/add"],
    ["an action that does not answer", ["math/never", "--timeout", "500"], 7, "math/never"],
    ["a payload that is not JSON", ["math/add", "two"], 2, "The payload is no JSON"],
  ])("exits with the code for %s", async (_, args, exitCode, message) => {
    const error = await failureOf(["call", ...args, "--peer", peer]);
    expect(error.message).toContain(message);
    expect(error.exitCode).toBe(exitCode);
  });

  it("exits with 130 on interrupt", async () => {
    const told = host.next({ event: "called", caller: "interrupted" });
    const command = startCli(["call", "math/wait", '["interrupted"]', "--peer", peer], caller());
    await told;
    command.child.kill("SIGINT");
    expect(await command.ended).toMatchObject({ code: 130, signal: null, stdout: "" });
  });

  it("exits with 4 when the peer's address does not answer", async () => {
    const nobody = peer.replace(/:\d+$/, ":9");
    const error = await failureOf(["call", "math/add", "--timeout", "500", "--peer", nobody]);
    expect(error).toMatchObject({ exit: "network", exitCode: 4 });
  });

  it("exits with 3 when another node answers at the peer's address", async () => {
    const { publicKey } = await member("other.keys");
    const other = `${publicKey}${peer.slice(peer.indexOf("@"))}`;
    const error = await failureOf(["call", "math/add", "--timeout", "3000", "--peer", other]);
    expect(error).toMatchObject({ exit: "keys", exitCode: 3 });
  });

  it("names missing arguments", async () => {
    const noPeer = await failureOf(["call", "math/add"]);
    expect(noPeer).toMatchObject({ exit: "usage", advice: expect.stringContaining("--peer") });
    const env = { RUNAR_KEY: undefined };
    const noKey = await failureOf(["call", "math/add", "--peer", peer], { cwd, env });
    expect(noKey).toMatchObject({ exit: "keys", advice: expect.stringContaining("--key") });
    const badPeer = await failureOf(["call", "math/add", "--peer", "127.0.0.1:7000"]);
    expect(badPeer.message).toContain("Expected publicKey@host:port");
  });
});

describe("listen", () => {
  it("prints events up to the given count", async () => {
    const args = ["listen", "news/*", "--count", "1", "--peer", peer];
    const command = startCli(args, caller());
    await command.next({ event: "listening" });
    expect(await command.next({ event: "heard" })).toMatchObject({
      topic: "news/weather",
      value: { sun: true },
    });
    expect(await command.ended).toMatchObject({ code: 0, signal: null });
  });

  it("ends on interrupt", async () => {
    const command = startCli(["listen", "nothing/*", "--peer", peer], caller());
    await command.next({ event: "listening" });
    command.child.kill("SIGINT");
    expect(await command.ended).toMatchObject({ code: 0, signal: null });
  });
});

describe("peers", () => {
  it("lists the peers found and their services", async () => {
    const { code, stdout } = await runCli(["peers", "--wait", "1", "--peer", peer], caller());
    expect(code).toBe(0);
    const { peers } = JSON.parse(stdout) as { peers: Told[] };
    expect(peers).toMatchObject([{ id: hostId, connected: true, authenticated: true, sdk: true }]);
    expect(peers[0]?.services).toMatchObject([{ path: "math" }]);
  });

  it("reports peers that connect and disconnect, including Rust peers, until interrupted", async () => {
    const command = startCli(
      ["peers", "--watch", "--bind", "127.0.0.1:0", "--peer", peer],
      caller(),
    );
    await command.next((told) => told.event === "connected" && (told.peer as Told).id === hostId);
    command.child.kill("SIGTERM");
    expect(await command.ended).toMatchObject({ code: 0, signal: null });
  });
});
