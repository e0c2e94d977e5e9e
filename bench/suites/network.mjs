// Calls and events between two nodes, each in a process of its own, in TypeScript and in Rust; the
// pair in Rust runs on the core's own transport.
import { setTimeout } from "node:timers/promises";
import { Network } from "runar-ts";
import { Member } from "../members.mjs";
import { figure, interleaved, ratio } from "../rounds.mjs";

const SEQUENTIAL = 400;
const AT_ONCE = 1_280;
const IN_FLIGHT = 64;
const LARGE = { name: "x".repeat(65_536) };
const LARGE_CALLS = 60;
const EVENTS = 1_000;

const ADD = { path: "calculator/add", payload: { a: 2, b: 3 } };

/** Two members of a network; the first can call the second, and publish to it. */
async function pair(caller, callee) {
  const network = Network.create();
  const to = new Member(network, callee, { listen: ["numbers"] });
  const from = new Member(network, caller, { peers: [await to.entry()] });
  await from.entry();
  await callable(from);
  return { from, to };
}

/** The core tells nobody when it knows what a peer offers: it is asked until it does. */
async function callable(from) {
  for (;;) {
    const rate = await from.ask("repeat", { ...ADD, count: 1, in_flight: 1 }).catch(() => 0);
    if (rate > 0) return;
    await setTimeout(50);
  }
}

/** Events a second, from the first that is published to the last that is heard. */
async function eventRate({ from, to }) {
  const last = Promise.withResolvers();
  to.onHeard = (number) => {
    if (number === EVENTS - 1) last.resolve();
  };
  const began = performance.now();
  await from.ask("count", { topic: "numbers", count: EVENTS });
  await last.promise;
  return (EVENTS * 1000) / (performance.now() - began);
}

export async function measure({ testPeer }) {
  const pairs = [
    ["TypeScript → TypeScript", await pair(undefined, undefined)],
    ["TypeScript → Rust", await pair(undefined, testPeer)],
    ["Rust → TypeScript", await pair(testPeer, undefined)],
    ["Rust → Rust", await pair(testPeer, testPeer)],
  ];
  const repeat = (count, in_flight, call) =>
    pairs.map(([name, { from }]) => ({
      name,
      measure: () => from.ask("repeat", { ...call, count, in_flight }),
    }));
  const events = [pairs[0], pairs[3]].map(([name, members]) => ({
    name,
    measure: () => eventRate(members),
  }));
  const charts = [];
  for (const [title, unit, contestants] of [
    ["Calls to a peer, one after another", "calls a second", repeat(SEQUENTIAL, 1, ADD)],
    [`Calls to a peer, ${IN_FLIGHT} at once`, "calls a second", repeat(AT_ONCE, IN_FLIGHT, ADD)],
    [
      "Calls with 64 KiB, one after another",
      "calls a second",
      repeat(LARGE_CALLS, 1, { path: "calculator/greet", payload: LARGE }),
    ],
    ["Events to a peer", "events a second", events],
  ]) {
    const values = await interleaved(contestants);
    const figures = contestants.map(({ name }, index) => figure(name, values[index]));
    charts.push({ title, unit, figures });
  }
  const latencies = await pairs[0][1].from.ask("latencies", { ...ADD, count: 2_000 });
  const at = (share) => latencies[Math.floor(latencies.length * share)];
  charts.push({
    title: "A call from TypeScript to TypeScript takes",
    unit: "milliseconds",
    figures: [figure("p50", [at(0.5)]), figure("p99", [at(0.99)])],
  });
  const ratios = charts
    .slice(0, 2)
    .map(({ title, figures }) => ratio(title, figures[0], figures[3]));
  charts.push({ title: "TypeScript → TypeScript / Rust → Rust", unit: "x", figures: ratios });
  for (const [, { from, to }] of pairs) await Promise.all([from.stop(), to.stop()]);
  return { charts, aims: [] };
}
