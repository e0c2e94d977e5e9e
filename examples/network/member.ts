/** A member in TypeScript: `node member.js <name>`. The demo starts two of them. */

import { createInterface } from "node:readline";
import { Identity, Node } from "runar-ts";
import type { Command, Settings, Told } from "./settings.js";

const [name = "member"] = process.argv.slice(2);

function tell(told: Told): void {
  console.log(JSON.stringify(told));
}

function makeNode(settings: Settings): Node {
  const { multicast_group, announce_interval_ms } = settings;
  const identity = Identity.restore(settings.key_state);
  const node = new Node(
    {
      node_id: name,
      network_config: {
        transport_options: { bind_address: settings.bind_address },
        peers: settings.peers,
        discovery_providers:
          multicast_group === undefined
            ? []
            : [{ multicast: { multicast_group, announce_interval_ms } }],
      },
      logging_config: { default_level: "error" },
    },
    { identity },
  );
  node.addService({
    name,
    path: name,
    actions: {
      hello: { params: ["from"], handler: (from: string) => `Hello, ${from}, from ${name}!` },
    },
  });
  for (const topic of settings.listen) {
    node.on(topic, ({ topic, value }) => tell({ event: "heard", topic, value }));
  }
  return node;
}

async function tellOfPeers(node: Node): Promise<void> {
  for await (const { change, peer } of node.peerChanges()) {
    tell({ event: "peer", change, id: peer.id, services: peer.services.map(({ path }) => path) });
  }
}

/** A peer can be met a moment before it offers its services. */
async function call(node: Node, path: string, payload: unknown): Promise<unknown> {
  const [service = ""] = path.split("/");
  await node.waitForService(service);
  return node.request(path, payload);
}

async function obey(node: Node, command: Exclude<Command, { command: "stop" }>): Promise<void> {
  const { id } = command;
  try {
    const value =
      command.command === "call"
        ? await call(node, command.path, command.payload)
        : await node.publish(command.topic, command.value);
    tell({ event: "answer", id, value });
  } catch (error) {
    tell({ event: "failed", id, message: String(error) });
  }
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const first = await lines.next();
const node = makeNode(JSON.parse(first.value ?? "{}"));
void tellOfPeers(node);
await node.start();
tell({ event: "started", address: node.addresses[0] });
for await (const line of lines) {
  const command: Command = JSON.parse(line);
  if (command.command === "stop") break;
  void obey(node, command);
}
await node.stop();
// An input that is open keeps the process alive.
process.stdin.destroy();
