// Nodes of the SDK.
import { Identity, Node } from "runar-ts";
import { add, greet } from "../calculator.mjs";

const calculator = {
  name: "calculator",
  path: "calculator",
  actions: {
    add: { params: ["a", "b"], handler: (a, b) => add({ a, b }) },
    greet: { params: ["name"], handler: (name) => greet({ name }) },
  },
};

/** As long as the core's own, so that a machine with other work does not part the two. */
const PEER_TIMEOUT_MS = 30_000;

function create({ key_state, peers, max_message_size }) {
  const limit = max_message_size === undefined ? {} : { max_message_size };
  const network_config = {
    peers,
    peer_timeout_ms: PEER_TIMEOUT_MS,
    transport_options: limit,
    ...limit,
  };
  return new Node({ network_config }, { identity: Identity.restore(key_state) });
}

export async function serve(settings, hear) {
  const node = create(settings);
  node.addService(calculator);
  for (const topic of settings.count) node.on(topic, hear);
  await node.start();
  return { address: node.addresses[0], close: () => node.stop() };
}

/** Waits until a peer offers the service and listens to what is published. */
async function known(node, publishes) {
  const isKnown = ({ services, subscriptions }) =>
    services.some(({ path }) => path === calculator.path) &&
    publishes.every((topic) => subscriptions.includes(topic));
  const changes = node.peerChanges();
  if (node.peers().some(isKnown)) return;
  for await (const { peer } of changes) if (isKnown(peer)) return;
}

export async function connect(settings) {
  const node = create(settings);
  await node.start();
  await known(node, settings.publishes);
  return {
    address: node.addresses[0],
    call: (path, payload) => node.request(path, payload),
    publish: (topic, value) => node.publish(topic, value),
    close: () => node.stop(),
  };
}
