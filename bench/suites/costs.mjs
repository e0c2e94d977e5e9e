// What deadlines, checks and limits cost a call in the direct lane; and the call as both libraries
// make it when nothing is turned off, beside moleculer's.
import { otel } from "runar-ts/telemetry";
import { z } from "zod";
import { moleculerName, startBroker, startNode } from "../peers.mjs";
import { caller, compare, nanoseconds } from "../rates.mjs";
import { ratio, together } from "../rounds.mjs";

const IN_FLIGHT = 64;

const payload = { a: 2, b: 3 };
const schema = z.object({ a: z.number(), b: z.number() });
const add = ({ a, b }) => a + b;
const addLater = async ({ a, b }) => a + b;

const mathService = {
  name: "math-service",
  path: "math",
  actions: {
    add,
    addLater,
    checked: { input: schema, handler: add },
    named: { params: ["a", "b"], handler: (a, b) => a + b },
    limited: { concurrency: 2 * IN_FLIGHT, handler: addLater },
    queued: { concurrency: IN_FLIGHT / 8, handler: addLater },
  },
};

const moleculerAdd = (ctx) => ctx.params.a + ctx.params.b;
const moleculerService = {
  name: "math",
  actions: {
    add: moleculerAdd,
    checked: { params: { a: "number", b: "number" }, handler: moleculerAdd },
  },
};

/** Nobody awaits a check, so this one is made in a plain loop. */
function schemaAlone() {
  const rate = (count) => {
    let passed = 0;
    const began = performance.now();
    for (let done = 0; done < count; done++) if (schema.safeParse(payload).success) passed++;
    if (passed !== count) throw new Error("zod refuses the payload");
    return (count * 1000) / (performance.now() - began);
  };
  return { name: "zod's safeParse alone, not awaited", rate };
}

/** Both libraries with their defaults: the charts, and by how much the direct lane is faster. */
async function withDefaults(node, broker) {
  const rates = await compare(
    [
      await caller("direct lane", () => node.request("math/add", payload)),
      await caller("direct lane, zod schema", () => node.request("math/checked", payload)),
      await caller(moleculerName, () => broker.call("math.add", payload)),
      await caller(`${moleculerName}, its own schema`, () => broker.call("math.checked", payload)),
    ],
    1,
  );
  const [direct, directChecked, moleculer, moleculerChecked] = rates;
  const ratios = [
    ratio("plain call", direct, moleculer),
    ratio("with a schema", directChecked, moleculerChecked),
  ];
  const title = "Calls with all defaults on, one after another";
  return {
    charts: [
      { title, unit: "ns a call", figures: rates.map(nanoseconds) },
      { title: "Direct lane / moleculer, round by round", unit: "x", figures: ratios },
    ],
    measured: ratios[0].median,
  };
}

/** What each way to call takes, and how much that is over the first one, the bare call. */
async function costCharts(where, ways, inFlight, beside = []) {
  const callers = [];
  for (const [name, call] of ways) callers.push(await caller(name, call));
  const figures = (await compare([...callers, ...beside], inFlight)).map(nanoseconds);
  const [bare, ...others] = figures.slice(0, ways.length);
  const over = others.map((one) => together(one.name, one, bare, (value, less) => value - less));
  return [
    { title: `The direct lane, ${where}`, unit: "ns a call", figures },
    {
      title: `Over the bare call, ${where}, round by round`,
      unit: "ns",
      figures: [...over, ...figures.slice(ways.length)],
    },
  ];
}

export async function measure() {
  const node = await startNode({}, mathService);
  const counting = await startNode({ metrics: true }, mathService);
  const told = await startNode({ telemetry: otel() }, mathService);
  const broker = await startBroker({}, [moleculerService]);
  const { charts, measured } = await withDefaults(node, broker);
  const { signal } = new AbortController();
  const call = (action, options) => () => node.request(`math/${action}`, payload, options);
  const bare = ["bare: a sync handler", call("add")];
  const later = ["async handler: deadline, place", call("addLater")];
  const limited = [`async, limit ${2 * IN_FLIGHT}, never reached`, call("limited")];
  const inTurn = [
    bare,
    later,
    ["async, timeoutMs of the call", call("addLater", { timeoutMs: 5_000 })],
    ["async, signal, one for all calls", call("addLater", { signal })],
    limited,
    ["sync, params by name", call("named")],
    ["sync, input by zod", call("checked")],
    ["sync, metrics: true", () => counting.request("math/add", payload)],
    ["async, metrics: true", () => counting.request("math/addLater", payload)],
    ["sync, otel() without an SDK", () => told.request("math/add", payload)],
  ];
  const abreast = [
    bare,
    later,
    limited,
    [`async, limit ${IN_FLIGHT / 8}, the others queue`, call("queued")],
  ];
  charts.push(
    ...(await costCharts("one after another", inTurn, 1, [schemaAlone()])),
    ...(await costCharts(`${IN_FLIGHT} in flight`, abreast, IN_FLIGHT)),
  );
  await Promise.all([node, counting, told, broker].map((one) => one.stop()));
  return {
    charts,
    aims: [{ what: "direct lane / moleculer, all defaults on", unit: "x", atLeast: 3, measured }],
  };
}
