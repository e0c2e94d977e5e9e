// The life of a node with one service, and the same in Rust alone.
import { Node } from "runar-ts";
import { settle } from "../../ci/fixtures.mjs";
import { isolate } from "../../sdk/dist/bridge/isolate.js";
import { native } from "../../sdk/dist/native/binding.js";
import { figure, interleaved, median } from "../rounds.mjs";

const NODES_IN_ROUND = 30;
const mathService = { name: "math-service", path: "math", actions: { add: (a, b) => a + b } };

async function liveOnce() {
  const began = performance.now();
  const node = new Node({});
  node.addService(mathService);
  const created = performance.now();
  await node.start();
  const started = performance.now();
  await node.stop();
  const stopped = performance.now();
  return {
    create: created - began,
    start: started - created,
    stop: stopped - started,
    createAndStart: started - began,
    whole: stopped - began,
  };
}

async function lives() {
  const each = [];
  for (let node = 0; node < NODES_IN_ROUND; node++) each.push(await liveOnce());
  return Object.fromEntries(
    Object.keys(each[0]).map((part) => [part, median(each.map((life) => life[part]))]),
  );
}

/** Rust tells when all are over, so its figure is a mean. */
async function livesInRust() {
  const { id } = isolate();
  const began = performance.now();
  await settle((call) => native.fixtureLifecycles(id, call, NODES_IN_ROUND));
  return (performance.now() - began) / NODES_IN_ROUND;
}

export async function measure() {
  await lives();
  await livesInRust();
  const [sdk, rust] = await interleaved([{ measure: lives }, { measure: livesInRust }]);
  const part = (name, key) =>
    figure(
      name,
      sdk.map((round) => round[key]),
    );
  const createAndStart = part("create + start", "createAndStart");
  return {
    charts: [
      {
        title: "A node with one service",
        unit: "ms",
        figures: [
          part("create", "create"),
          part("start", "start"),
          part("stop", "stop"),
          createAndStart,
          part("create + start + stop", "whole"),
          figure("the same in Rust alone", rust),
        ],
      },
    ],
    aims: [{ what: "create + start", unit: "ms", atMost: 15, measured: createAndStart.median }],
  };
}
