// Calls and events between two nodes, each in a process of its own on this machine, in TypeScript and
// in Rust; the pair in Rust runs on the core's own transport.
import { measureCalls, measureEvents } from "../remote/measure.mjs";
import { ADD, greet } from "../remote/pair.mjs";
import { startRunarPair } from "../remote/runar-pair.mjs";
import { ratio } from "../rounds.mjs";

export async function measure({ testPeer }) {
  const pairs = [
    await startRunarPair("TypeScript → TypeScript", {}),
    await startRunarPair("TypeScript → Rust", { callee: testPeer }),
    await startRunarPair("Rust → Rust", { caller: testPeer, callee: testPeer }),
  ];
  const inTurn = await measureCalls(pairs, {
    title: "Calls, one after another",
    call: ADD,
    inFlight: 1,
  });
  const atOnce = await measureCalls(pairs, {
    title: "Calls, 64 in flight",
    call: ADD,
    inFlight: 64,
  });
  const large = await measureCalls(pairs, {
    title: "64 KiB there and back, one after another",
    call: greet(65_536),
    inFlight: 1,
    first: 8,
  });
  const events = await measureEvents(pairs, "Events, published one after another");
  for (const pair of pairs) await pair.stop();
  const ratios = [inTurn.rates, atOnce.rates, large.rates, events].flatMap(
    ({ title, figures: [typeScript, mixed, rust] }) => [
      ratio(`${title}: TypeScript → TypeScript`, typeScript, rust),
      ratio(`${title}: TypeScript → Rust`, mixed, rust),
    ],
  );
  return {
    charts: [
      inTurn.rates,
      inTurn.latencies,
      atOnce.rates,
      atOnce.latencies,
      large.rates,
      events,
      { title: "Beside Rust → Rust, round by round", unit: "x", figures: ratios },
    ],
    aims: [],
  };
}
