/** The Rust application of crates/test-peer as a process. */

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Identity } from "runar-ts";
import { JsonProcess } from "./json-process.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The settings of a peer; see `Settings` in crates/test-peer. */
export interface RustPeerSettings {
  bind_address?: string;
  peers?: { public_key: string; addresses: string[] }[];
  multicast_group?: string;
  announce_interval_ms?: number;
  listen?: string[];
}

function builtProgram(): string {
  const { RUNAR_TEST_PEER } = process.env;
  if (RUNAR_TEST_PEER !== undefined) return RUNAR_TEST_PEER;
  const version = execFileSync("rustc", ["-vV"], { cwd: root, encoding: "utf8" });
  const target = /^host: (.+)$/m.exec(version)?.[1] ?? "";
  const suffix = process.platform === "win32" ? ".exe" : "";
  return `${root}target/${target}/release/runar-test-peer${suffix}`;
}

const running: RustPeer[] = [];

/** Kills peers that a test has left running. */
export async function killRustPeers(): Promise<void> {
  await Promise.all(
    running.splice(0).map((peer) => {
      peer.process.child.kill("SIGKILL");
      return peer.process.ended;
    }),
  );
}

export class RustPeer {
  readonly process: JsonProcess;
  readonly id: string;
  readonly publicKey: string;
  readonly address: string;
  #commands = 0;

  private constructor(process: JsonProcess, identity: Identity, address: string) {
    this.process = process;
    this.id = identity.nodeId;
    this.publicKey = identity.publicKey;
    this.address = address;
  }

  /** Starts a peer with the keys of a member, and waits until it listens. */
  static async start(identity: Identity, settings: RustPeerSettings = {}): Promise<RustPeer> {
    const process = new JsonProcess(builtProgram(), [], { RUST_LOG: undefined });
    process.write({
      key_state: Buffer.from(identity.export()).toString("base64"),
      network_id: identity.networkId,
      ...settings,
    });
    const started = await process.next({ event: "started" });
    const peer = new RustPeer(process, identity, String(started.address));
    running.push(peer);
    return peer;
  }

  async #ask(command: object): Promise<unknown> {
    this.#commands++;
    const id = this.#commands;
    this.process.write({ id, ...command });
    const { event, value, message } = await this.process.next((told) => told.id === id);
    if (event === "failed") throw new Error(String(message));
    return value;
  }

  call(path: string, payload?: unknown): Promise<unknown> {
    return this.#ask({ command: "call", path, payload });
  }

  /** Ends it by a signal. */
  async stop(): Promise<void> {
    this.process.write({ command: "stop" });
    await this.process.ended;
  }
}
