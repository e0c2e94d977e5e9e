// A node in TypeScript that takes its orders as the one in Rust (crates/test-peer) does: the first
// line of its input is its settings, each further line a command.
import { createInterface } from "node:readline";
import { Identity, Node } from "runar-ts";

const tell = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const { key_state, peers = [], listen = [] } = JSON.parse((await lines.next()).value);
const identity = Identity.restore(key_state);
const node = new Node({ network_config: { peers } }, { identity });
node.addService({
  name: "calculator",
  path: "calculator",
  actions: {
    add: { params: ["a", "b"], handler: (a, b) => a + b },
    greet: { params: ["name"], handler: (name) => `Hello, ${name}!` },
  },
});
for (const topic of listen) {
  node.on(topic, ({ value }) => tell({ event: "heard", value }));
}
await node.start();
tell({ event: "started", address: node.addresses[0] });

async function inTurn(count, act) {
  for (let done = 0; done < count; done++) await act(done);
}

const commands = {
  async repeat({ path, payload, count, in_flight }) {
    const each = Math.ceil(count / in_flight);
    const began = performance.now();
    const callers = Array.from({ length: in_flight }, () =>
      inTurn(each, () => node.request(path, payload)),
    );
    await Promise.all(callers);
    return (each * in_flight * 1000) / (performance.now() - began);
  },
  count: ({ topic, count }) => inTurn(count, (number) => node.publish(topic, number)),
  async latencies({ path, payload, count }) {
    const latencies = [];
    await inTurn(count, async () => {
      const began = performance.now();
      await node.request(path, payload);
      latencies.push(performance.now() - began);
    });
    return latencies.sort((a, b) => a - b);
  },
  async wait({ service, subscription }) {
    const changes = node.peerChanges();
    const holds = (peer) =>
      peer.services.some(({ path }) => path === service) &&
      (subscription === undefined || peer.subscriptions.includes(subscription));
    if (node.peers().some(holds)) return;
    for await (const { peer } of changes) if (holds(peer)) return;
  },
};

for await (const line of lines) {
  const { id, command, ...rest } = JSON.parse(line);
  if (command === "stop") break;
  commands[command](rest).then(
    (value) => tell({ event: "answer", id, value }),
    (error) => tell({ event: "failed", id, message: error.message }),
  );
}
await node.stop();
