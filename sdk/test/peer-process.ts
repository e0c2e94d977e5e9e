/** Nodes in separate processes, which tests can kill and freeze. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Network } from "runar-ts";

export const sdk = fileURLToPath(new URL("../", import.meta.url));

const PROGRAM = `
import { appendFileSync } from "node:fs";
import { Identity, Network, Node } from "runar-ts";
const { authority, keys, bind, config } = JSON.parse(process.env.PEER);
const network = Network.restore(authority);
const identity = keys === undefined ? Identity.create() : Identity.restore(keys);
if (keys === undefined) network.enrol(identity);
const node = new Node(
  { network_config: { transport_options: { bind_address: bind }, ...config } },
  { identity },
);
const heard = [];
let ended = 0;
node.addService({
  name: "far", path: "far",
  actions: {
    twice: (x) => 2 * x,
    echo: (x) => x,
    never: (_, ctx) => {
      ctx.signal.addEventListener("abort", () => ended++);
      return new Promise(() => {});
    },
    // The number of aborted calls of "never".
    ended: () => ended,
    pid: () => process.pid,
    heard: () => heard,
    // Written before anything can fail.
    noted: async (number, file) => {
      appendFileSync(file, number + "\\n");
      await new Promise((resolve) => setTimeout(resolve, 5));
      return number;
    },
  },
});
node.on("numbers", ({ value }) => heard.push(value));
await node.start();
console.log(JSON.stringify({
  keys: Buffer.from(identity.export()).toString("base64"),
  publicKey: identity.publicKey,
  addresses: node.addresses,
  id: node.id,
}));
process.stdin.on("end", () => node.stop()).resume();
`;

interface Told {
  keys: string;
  publicKey: string;
  addresses: string[];
  id: string;
}

const children: ChildProcess[] = [];

/** Starts a node that is a member of the network. */
export async function startPeer(
  network: Network,
  {
    keys,
    bind = "127.0.0.1:0",
    config = {},
    within = [],
  }: {
    keys?: string;
    bind?: string;
    config?: object;
    /** The command that runs the program. */
    within?: string[];
  } = {},
): Promise<Told & { child: ChildProcess }> {
  const authority = Buffer.from(network.export()).toString("base64");
  const command = [...within, process.execPath, "--input-type=module", "--eval", PROGRAM];
  const child = spawn(command[0] as string, command.slice(1), {
    cwd: sdk,
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PEER: JSON.stringify({ authority, keys, bind, config }) },
  });
  children.push(child);
  const [line] = await once(
    createInterface({ input: child.stdout as NodeJS.ReadableStream }),
    "line",
  );
  return Object.assign(JSON.parse(line) as Told, { child });
}

/** Ends all started processes after a test. */
export function killPeers() {
  for (const child of children.splice(0)) child.kill("SIGKILL");
}
