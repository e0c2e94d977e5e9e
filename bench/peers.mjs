// What is compared: nodes of the SDK, and brokers of moleculer.
import moleculer from "moleculer";
import { Node } from "runar-ts";

export async function startNode(options, service) {
  const node = new Node({}, options);
  if (service !== undefined) node.addService(service);
  await node.start();
  return node;
}

export async function startBroker(options, services) {
  const broker = new moleculer.ServiceBroker({ logger: false, ...options });
  for (const service of services) broker.createService(service);
  await broker.start();
  return broker;
}

export const moleculerName = `moleculer ${moleculer.ServiceBroker.MOLECULER_VERSION}`;
