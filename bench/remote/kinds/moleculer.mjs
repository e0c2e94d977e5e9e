// Brokers of moleculer with its own TCP transporter, which meet by address as nodes of the SDK do.
import { startBroker } from "../../peers.mjs";
import { add, greet } from "../calculator.mjs";

const CALLED = "called";

const start = (nodeID, urls, services) =>
  startBroker(
    {
      nodeID,
      validator: false,
      transporter: {
        type: "TCP",
        // A packet of 1 MiB, its default, has no room for a text of that size.
        options: { udpDiscovery: false, urls, maxPacketSize: 16 << 20 },
      },
    },
    services,
  );

export async function serve({ count }, hear) {
  const broker = await start(
    CALLED,
    [],
    [
      {
        name: "calculator",
        actions: { add: ({ params }) => add(params), greet: ({ params }) => greet(params) },
        events: Object.fromEntries(count.map((topic) => [topic, hear])),
      },
    ],
  );
  const { port } = broker.transit.tx.opts;
  return { address: `127.0.0.1:${port}`, close: () => broker.stop() };
}

export async function connect({ address }) {
  const broker = await start("calls", [`tcp://${address}/${CALLED}`], []);
  await broker.waitForServices("calculator");
  return {
    call: (path, payload) => broker.call(path.replace("/", "."), payload),
    publish: (topic, value) => broker.broadcast(topic, value),
    close: () => broker.stop(),
  };
}
