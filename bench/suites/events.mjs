// An awaited event that subscribers of the same program hear, in each lane, beside moleculer's.
// `broadcastLocal` is its counterpart: it tells every local subscriber, and waits for all.
import { moleculerName, startBroker, startNode } from "../peers.mjs";
import { actor, compare } from "../rates.mjs";
import { ratio } from "../rounds.mjs";

const SUBSCRIBERS = [1, 100];

async function publisher(name, publish, told, subscribers) {
  await publish();
  if (told() !== 7 * subscribers) throw new Error(`${name}: not everybody has heard it`);
  return actor(name, publish);
}

async function runar(name, options, subscribers) {
  const node = await startNode(options);
  let sum = 0;
  for (let index = 0; index < subscribers; index++) {
    node.on("orders/placed", (event) => {
      sum += event.value.id;
    });
  }
  const publish = () => node.publish("orders/placed", { id: 7 });
  return { peer: node, contestant: await publisher(name, publish, () => sum, subscribers) };
}

async function moleculer(subscribers) {
  let sum = 0;
  const hear = (ctx) => {
    sum += ctx.params.id;
  };
  const services = Array.from({ length: subscribers }, (_, index) => ({
    name: `subscriber-${index}`,
    events: { "orders.placed": hear },
  }));
  const broker = await startBroker({ validator: false }, services);
  const publish = () => broker.broadcastLocal("orders.placed", { id: 7 });
  const name = `${moleculerName}, broadcastLocal`;
  return { peer: broker, contestant: await publisher(name, publish, () => sum, subscribers) };
}

export async function measure() {
  const charts = [];
  const ratios = [];
  for (const subscribers of SUBSCRIBERS) {
    const to = subscribers === 1 ? "one subscriber" : `${subscribers} subscribers`;
    const all = [
      await runar("direct lane", {}, subscribers),
      await runar("native lane", { localCalls: "native" }, subscribers),
      await moleculer(subscribers),
    ];
    const figures = await compare(
      all.map(({ contestant }) => contestant),
      1,
    );
    const [direct, , broadcast] = figures;
    charts.push({ title: `Events to ${to}, one after another`, unit: "events a second", figures });
    ratios.push(ratio(to, direct, broadcast));
    for (const { peer } of all) await peer.stop();
  }
  charts.push({ title: "Direct lane / moleculer, round by round", unit: "x", figures: ratios });
  const measured = ratios[0].median;
  return {
    charts,
    aims: [{ what: "direct lane / moleculer, one subscriber", unit: "x", atLeast: 3, measured }],
  };
}
