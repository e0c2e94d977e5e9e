// An awaited local call, in each lane, beside moleculer's and beside the Rust core's own.
import { defineService } from "runar-ts";
import { handleOf, settle } from "../../ci/fixtures.mjs";
import { native } from "../../sdk/dist/native/binding.js";
import { moleculerName, startBroker, startNode } from "../peers.mjs";
import { caller, compare } from "../rates.mjs";

const IN_FLIGHT = [1, 64];

const mathService = defineService({
  name: "math-service",
  path: "math",
  actions: { add: (a, b) => a + b },
});

const moleculerService = {
  name: "math",
  actions: { add: (ctx) => ctx.params.a + ctx.params.b },
};

function rustCaller(name, node) {
  const handle = handleOf(node);
  const rate = (count, inFlight) =>
    settle((call) => native.fixtureRequests(handle, call, "fixture/add", count, inFlight));
  return { name, rate };
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
  const direct = await startNode({}, mathService);
  const throughRust = await startNode({ localCalls: "native" }, mathService);
  await settle((call) => native.fixtureAddService(handleOf(throughRust), call));
  const broker = await startBroker({ validator: false }, [moleculerService]);
  const client = direct.client("math");
  const contestants = [
    await caller("direct lane", () => direct.request("math/add", [2, 3])),
    await caller("direct lane, typed client", () => client.add(2, 3)),
    await caller("native lane", () => throughRust.request("math/add", [2, 3])),
    await caller(moleculerName, () => broker.call("math.add", { a: 2, b: 3 })),
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
