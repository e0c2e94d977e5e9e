// Calls and events between two nodes, each in a process of its own on this machine, in TypeScript and
// in Rust; the pair in Rust runs on the core's own transport.
import { Identity, Network } from "runar-ts";
import { measureCalls, measureEvents } from "../remote/measure.mjs";
import { MemberProcess } from "../remote/member-process.mjs";
import { Pair, TOPIC } from "../remote/pair.mjs";
import { ratio } from "../rounds.mjs";

const ADD = { path: "calculator/add", payload: { a: 2, b: 3 } };
const TEXT = "x".repeat(65_536);
const GREET = { path: "calculator/greet", payload: { name: TEXT } };

/** Starts a member, in Rust when there is a program of it. */
async function startMember(name, network, program, settings) {
  const identity = Identity.create();
  network.enrol(identity);
  const all = {
    key_state: Buffer.from(identity.export()).toString("base64"),
    network_id: network.id,
    ...settings,
  };
  const member =
    program === undefined
      ? MemberProcess.ofKind(name, "runar", all)
      : new MemberProcess(name, program, [], all);
  const { address } = await member.told({ event: "started" });
  return { member, peer: { public_key: identity.publicKey, addresses: [address] } };
}

/** A path that a node has itself is called there: the one that calls has no services. */
async function startPair(name, caller, callee) {
  const network = Network.create();
  const serving = { services: true, peers: [], count: [TOPIC] };
  const to = await startMember(`${name}, called`, network, callee, serving);
  const calling = { services: false, peers: [to.peer], count: [] };
  const from = await startMember(`${name}, calls`, network, caller, calling);
  // The one in Rust tells once it knows what its peer offers.
  if (caller !== undefined) await from.member.told({ event: "peer", change: "discovered" });
  const pair = new Pair(name, from.member, to.member);
  await pair.check(ADD.path, ADD.payload, 5);
  await pair.check(GREET.path, GREET.payload, `Hello, ${TEXT}!`);
  return pair;
}

export async function measure({ testPeer }) {
  const pairs = [
    await startPair("TypeScript → TypeScript", undefined, undefined),
    await startPair("TypeScript → Rust", undefined, testPeer),
    await startPair("Rust → Rust", testPeer, testPeer),
  ];
  const charts = [
    ...(await measureCalls(pairs, { title: "Calls, one after another", call: ADD, inFlight: 1 })),
    ...(await measureCalls(pairs, { title: "Calls, 64 in flight", call: ADD, inFlight: 64 })),
    ...(await measureCalls(pairs, {
      title: "64 KiB there and back, one after another",
      call: GREET,
      inFlight: 1,
      first: 8,
    })),
    await measureEvents(pairs, "Events, published one after another"),
  ];
  for (const pair of pairs) await pair.stop();
  const ratios = charts
    .filter(({ unit }) => unit !== "ms")
    .flatMap(({ title, figures: [typeScript, mixed, rust] }) => [
      ratio(`${title}: TypeScript → TypeScript`, typeScript, rust),
      ratio(`${title}: TypeScript → Rust`, mixed, rust),
    ]);
  charts.push({ title: "Beside Rust → Rust, round by round", unit: "x", figures: ratios });
  return { charts, aims: [] };
}
