// Nodes in processes of their own, in TypeScript or in Rust, that do as they are told.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Identity } from "runar-ts";

const PROGRAM = fileURLToPath(new URL("network-member.mjs", import.meta.url));

export class Member {
  #child;
  #asked = new Map();
  #last = 0;
  /** Called with the value of each event that it hears. */
  onHeard = () => undefined;
  #started = Promise.withResolvers();

  constructor(network, rustProgram, settings = {}) {
    this.identity = Identity.create();
    network.enrol(this.identity);
    const [program, args] = rustProgram ? [rustProgram, []] : [process.execPath, [PROGRAM]];
    this.#child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#hear(line));
    this.#child.on("close", (code) => {
      const error = new Error(`the member has ended with ${code}`);
      this.#started.reject(error);
      for (const { reject } of this.#asked.values()) reject(error);
    });
    this.#write({
      key_state: Buffer.from(this.identity.export()).toString("base64"),
      network_id: network.id,
      ...settings,
    });
  }

  /** How others name it in their settings, once it listens. */
  async entry() {
    const { address } = await this.#started.promise;
    return { public_key: this.identity.publicKey, addresses: [address] };
  }

  #write(line) {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  #hear(line) {
    const told = JSON.parse(line);
    if (told.event === "started") this.#started.resolve(told);
    if (told.event === "heard") this.onHeard(told.value);
    const asked = this.#asked.get(told.id);
    if (asked === undefined) return;
    this.#asked.delete(told.id);
    if (told.event === "failed") asked.reject(new Error(told.message));
    else asked.resolve(told.value);
  }

  ask(command, rest = {}) {
    const id = ++this.#last;
    const asked = Promise.withResolvers();
    this.#asked.set(id, asked);
    this.#write({ id, command, ...rest });
    return asked.promise;
  }

  async stop() {
    this.#write({ command: "stop" });
    await once(this.#child, "close");
  }
}
