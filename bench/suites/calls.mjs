// An awaited local call, in each lane, beside moleculer's and beside the Rust core's own.
import moleculer from "moleculer";
import { defineService, Node } from "runar-ts";
import { handleOf, settle } from "../../ci/fixtures.mjs";
import { native } from "../../sdk/dist/native.js";
import { figure, interleaved } from "../rounds.mjs";

const ROUND_SECONDS = 0.5;
const IN_FLIGHT = [1, 64];

const mathService = defineService({
  name: "math-service",
  path: "math",
  actions: { add: (a, b) => a + b },
});

async function startNode(options) {
  const node = new Node({}, options);
  node.addService(mathService);
  await node.start();
  return node;
}

async function startBroker() {
  const broker = new moleculer.ServiceBroker({ logger: false, validator: false });
  broker.createService({
    name: "math",
    actions: { add: (ctx) => ctx.params.a + ctx.params.b },
  });
  await broker.start();
  return broker;
}

async function callInTurn(call, count) {
  for (let done = 0; done < count; done++) await call();
}

/** How many calls a second JavaScript makes of a function, `inFlight` at a time. */
async function rateOf(call, count, inFlight) {
  const each = Math.ceil(count / inFlight);
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, () => callInTurn(call, each)));
  return (each * inFlight * 1000) / (performance.now() - began);
}

/** A contestant whose calls JavaScript makes. */
async function caller(name, call) {
  const answer = await call();
  if (answer !== 5) throw new Error(`${name}: 2 + 3 is ${answer}`);
  return { name, rate: (count, inFlight) => rateOf(call, count, inFlight) };
}

function rustCaller(name, node) {
  const handle = handleOf(node);
  const rate = (count, inFlight) =>
    settle((call) => native.fixtureRequests(handle, call, "fixture/add", count, inFlight));
  return { name, rate };
}

/** How many calls fill a round; finding out is the warm-up too. */
async function callsInRound({ rate }, inFlight) {
  for (let count = 1024; ; count *= 4) {
    const rateNow = await rate(count, inFlight);
    if (count / rateNow > ROUND_SECONDS / 2) return Math.ceil(rateNow * ROUND_SECONDS);
  }
}

async function compare(contestants, inFlight) {
  const rounds = [];
  for (const contestant of contestants) {
    const count = await callsInRound(contestant, inFlight);
    rounds.push({ measure: () => contestant.rate(count, inFlight) });
  }
  const rates = await interleaved(rounds);
  return contestants.map(({ name }, index) => figure(name, rates[index]));
}

function aims(inFlight, figures) {
  const [direct, , nativeLane, moleculerCall, rust] = figures.map(({ median }) => median);
  const where = inFlight === 1 ? "one after another" : `${inFlight} in flight`;
  return [
    {
      what: `direct lane / moleculer, ${where}`,
      unit: "x",
      atLeast: 3,
      measured: direct / moleculerCall,
    },
    {
      what: `native lane / Rust to Rust, ${where}`,
      unit: "x",
      atLeast: inFlight === 1 ? 0.25 : 0.4,
      measured: nativeLane / rust,
    },
  ];
}

export async function measure() {
  const direct = await startNode({});
  const throughRust = await startNode({ localCalls: "native" });
  await settle((call) => native.fixtureAddService(handleOf(throughRust), call));
  const broker = await startBroker();
  const client = direct.client("math");
  const contestants = [
    await caller("direct lane", () => direct.request("math/add", [2, 3])),
    await caller("direct lane, typed client", () => client.add(2, 3)),
    await caller("native lane", () => throughRust.request("math/add", [2, 3])),
    await caller(`moleculer ${broker.MOLECULER_VERSION}`, () =>
      broker.call("math.add", { a: 2, b: 3 }),
    ),
    rustCaller("Rust to Rust", throughRust),
  ];
  const charts = [];
  const allAims = [];
  for (const inFlight of IN_FLIGHT) {
    const figures = await compare(contestants, inFlight);
    charts.push({
      title: inFlight === 1 ? "Calls, one after another" : `Calls, ${inFlight} in flight`,
      unit: "calls a second",
      figures,
    });
    allAims.push(...aims(inFlight, figures));
  }
  await Promise.all([direct.stop(), throughRust.stop(), broker.stop()]);
  return { charts, aims: allAims };
}
