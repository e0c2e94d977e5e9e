// A node of the SDK.
import { Identity, Node } from "runar-ts";

const calculator = {
  name: "calculator",
  path: "calculator",
  actions: {
    add: { params: ["a", "b"], handler: (a, b) => a + b },
    greet: { params: ["name"], handler: (name) => `Hello, ${name}!` },
  },
};

/** Waits until a peer offers the service and listens to the topic. */
async function known(node, service, topic) {
  const isKnown = ({ services, subscriptions }) =>
    services.some(({ path }) => path === service) && subscriptions.includes(topic);
  const changes = node.peerChanges();
  if (node.peers().some(isKnown)) return;
  for await (const { peer } of changes) if (isKnown(peer)) return;
}

/** With `peers` it is one that calls, and has started once it can. */
export async function open({ key_state, services, peers, count }, hear) {
  const identity = Identity.restore(key_state);
  const node = new Node({ network_config: { peers } }, { identity });
  if (services) node.addService(calculator);
  for (const topic of count) node.on(topic, hear);
  await node.start();
  if (peers.length > 0) await known(node, calculator.path, "numbers");
  return {
    address: node.addresses[0],
    call: (path, payload) => node.request(path, payload),
    publish: (topic, value) => node.publish(topic, value),
    close: () => node.stop(),
  };
}
