// Calls and events between two processes on this machine: nodes of the SDK, and what else its users
// could take. Everybody sends the same objects and texts, the usual way.
import { readFile } from "node:fs/promises";
import { beside, measureCalls, measureEvents } from "../remote/measure.mjs";
import { startNatsServer } from "../remote/nats-server.mjs";
import { ADD, greet, Pair } from "../remote/pair.mjs";
import { startRunarPair } from "../remote/runar-pair.mjs";

const manifest = await readFile(new URL("../package.json", import.meta.url), "utf8");
const { dependencies } = JSON.parse(manifest);
const named = (name, dependency) => `${name} ${dependencies[dependency]}`;

/** Room for 1 MiB of text as it is on the wire. */
const MAX_MESSAGE_SIZE = 16 << 20;

export async function measure({ natsServer, testPeer }) {
  const nats = await startNatsServer(natsServer);
  const pairs = [
    await startRunarPair("runar-ts", { settings: { max_message_size: MAX_MESSAGE_SIZE } }),
    await Pair.ofKind(`${named("moleculer", "moleculer")}, TCP`, "moleculer"),
    await Pair.ofKind(`${named("NestJS", "@nestjs/microservices")}, TCP`, "nest"),
    await Pair.ofKind(named("NATS, nats.js", "@nats-io/transport-node"), "nats", nats.address),
    await Pair.ofKind(named("gRPC, grpc-js", "@grpc/grpc-js"), "grpc"),
    // What sessions are there instead of (crates/test-peer/src/frames.rs); without JavaScript.
    await startRunarPair("frames in ordinary Runar requests, in Rust", {
      caller: testPeer,
      callee: testPeer,
      settings: { frames: true },
    }),
  ];
  const inTurn = (title, call, first) => measureCalls(pairs, { title, call, inFlight: 1, first });
  const atOnce = (inFlight) =>
    measureCalls(pairs, { title: `Calls, ${inFlight} in flight`, call: ADD, inFlight });
  const small = await inTurn("Calls, one after another", ADD);
  const some = await atOnce(64);
  const many = await atOnce(512);
  const large = await inTurn("64 KiB there and back, one after another", greet(1 << 16), 4);
  const largest = await inTurn("1 MiB there and back, one after another", greet(1 << 20), 1);
  const events = await measureEvents(pairs, "Events, published one after another");
  for (const pair of pairs) await pair.stop();
  await nats.stop();
  const rates = [small.rates, some.rates, many.rates, large.rates, largest.rates, events];
  return {
    charts: [
      small.rates,
      small.latencies,
      some.rates,
      some.latencies,
      many.rates,
      many.latencies,
      large.rates,
      largest.rates,
      events,
      ...beside(rates, 0),
    ],
    aims: [],
  };
}
