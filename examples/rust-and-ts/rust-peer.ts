/** The Rust side: a plain Runar application as a process, which tells and is told in lines of JSON. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Identity } from "runar-ts";

type Told = Record<string, unknown>;

/** Starts the program as a member of a network, and waits until it listens. */
export async function startRustPeer(program: string, identity: Identity) {
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const tell = (line: object) => child.stdin.write(`${JSON.stringify(line)}\n`);
  let commands = 0;

  async function next(wanted: Told): Promise<Told> {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`the Rust peer ended before it said ${JSON.stringify(wanted)}`);
      const told: Told = JSON.parse(value);
      if (Object.entries(wanted).every(([key, value]) => told[key] === value)) return told;
    }
  }

  tell({
    // By the input: the arguments of a program can be read by every process of the machine.
    key_state: Buffer.from(identity.export()).toString("base64"),
    network_id: identity.networkId,
    listen: ["news/weather"],
  });
  const { address } = await next({ event: "started" });

  return {
    publicKey: identity.publicKey,
    address: String(address),
    next,
    /** Calls an action from the Rust side. */
    async call(path: string, payload: unknown): Promise<unknown> {
      const id = ++commands;
      tell({ id, command: "call", path, payload });
      const { event, value, message } = await next({ id });
      if (event === "failed") throw new Error(String(message));
      return value;
    },
    /** Publishes an event from the Rust side. */
    publish(topic: string, value: unknown): void {
      tell({ id: ++commands, command: "publish", topic, value });
    },
    async stop(): Promise<void> {
      const ended = once(child, "exit");
      tell({ command: "stop" });
      await ended;
    },
  };
}
