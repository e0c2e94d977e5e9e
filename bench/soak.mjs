// Looks for memory that is lost. Started by ci/commands/soak.mjs; each measurement runs in a process
// of its own, and each check is proved with a leak that it must find.
import { fileURLToPath } from "node:url";
import { $, chalk, minimist } from "zx";
import { curve, megabytes, readable, table } from "./chart.mjs";
import { machineFacts, writeResults } from "./results.mjs";
import { growth } from "./soak-memory.mjs";

const LANES = ["direct", "native"];
/** That a call, or an event, may lose. */
const MOST_BYTES = 16;
/** That two nodes that connect and part may lose: what a connection takes is given back later. */
const MOST_BYTES_OF_NETWORK = 4096;
/** The core itself loses memory with every node, so the SDK is held against the core alone. */
const MOST_OF_RUST = 1.1;
/** Planted leaks are this much over what is allowed to grow: found, if only just. */
const PLANTED = 2;
const PLANTED_OF_RUST = 0.2;

const { calls, publishes, values, cycles, connects, pairs } = minimist(process.argv.slice(2));

/** Measures in a process of its own. */
async function run(name, program, ...args) {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const { stdout, duration } = await $({
    quiet: true,
  })`${process.execPath} --expose-gc ${file} ${args}`;
  const samples = JSON.parse(stdout);
  console.log(chalk.dim(`  ${name} (${Math.round(duration / 1000)} s)`));
  return { name, bytes: growth(samples), samples };
}

/** A check passes when `measured` may pass and the planted leak may not. */
function check(what, limit, measured, planted) {
  return {
    what,
    limit,
    measured: measured.bytes,
    level: measured.bytes <= limit,
    planted: planted.bytes,
    plantedFound: planted.bytes > limit,
  };
}

async function soakRepeated({ name, one, most = MOST_BYTES }, program, ...args) {
  const leak = PLANTED * most;
  const measured = await run(name, program, ...args, 0);
  const planted = await run(
    `${name}, with a leak of ${leak} bytes a ${one} planted`,
    program,
    ...args,
    leak,
  );
  return {
    unit: `bytes/${one}`,
    runs: [measured, planted],
    check: check(name, most, measured, planted),
  };
}

async function soakLifecycles() {
  const program = "soak-lifecycles.mjs";
  const rust = await run("nodes, in Rust alone", program, "rust", cycles, 0);
  const measured = await run("nodes, in the SDK", program, "sdk", cycles, 0);
  const leak = Math.max(Math.round(rust.bytes * PLANTED_OF_RUST), 1024);
  const planted = await run(
    `nodes, in the SDK, with a leak of ${readable(leak)} bytes a node planted`,
    program,
    "sdk",
    cycles,
    leak,
  );
  return {
    unit: "bytes/node",
    runs: [rust, measured, planted],
    check: check("nodes, SDK against Rust", rust.bytes * MOST_OF_RUST, measured, planted),
  };
}

/** Two nodes that start must find each other, each time. */
async function startPairs() {
  const file = fileURLToPath(new URL("soak-pairs.mjs", import.meta.url));
  const { duration } = await $({ quiet: true })`${process.execPath} ${file} ${pairs}`;
  console.log(
    chalk.dim(`  ${pairs} starts of two nodes: all connected (${Math.round(duration / 1000)} s)`),
  );
}

/** A row for each of the runs that belong together, with their curves on one scale. */
function curveRows({ unit, runs }) {
  const all = runs.flatMap(({ samples }) => samples);
  return runs.map(({ name, bytes, samples }) => [
    `  ${name}`,
    curve(samples, all),
    megabytes(samples[0]),
    "to",
    megabytes(samples.at(-1)),
    `${readable(bytes)} ${unit}`,
  ]);
}

function verdicts(soaks) {
  const rows = soaks.flatMap(({ unit, check }) => [
    [
      check.level ? "passed" : "FAILED",
      `${check.what}: does not grow`,
      `${readable(check.measured)} ${unit}`,
      `at most ${readable(check.limit)}`,
    ],
    [
      check.plantedFound ? "passed" : "FAILED",
      `${check.what}: the planted leak is found`,
      `${readable(check.planted)} ${unit}`,
      `over ${readable(check.limit)}`,
    ],
  ]);
  return table([["", "check", "growth", "allowed"], ...rows], [2])
    .replaceAll("passed", chalk.green("passed"))
    .replaceAll("FAILED", chalk.red("FAILED"));
}

const machine = machineFacts();
console.log(`${machine.cpu}, ${machine.cores} cores; Node ${machine.node}`);
console.log(
  `${readable(calls)} calls and ${readable(publishes)} publishes in each lane, ${readable(values)} values, ${readable(cycles)} nodes, ${readable(connects)} connects, ${readable(pairs)} pairs. Measured so far:`,
);
const soaks = [];
for (const repeated of [
  { what: "calls", one: "call", count: calls },
  { what: "publishes", one: "publish", count: publishes },
]) {
  const { what, one, count } = repeated;
  for (const lane of LANES) {
    const name = `${what}, ${lane} lane`;
    soaks.push(await soakRepeated({ name, one }, "soak-lane.mjs", what, lane, count));
  }
}
soaks.push(await soakRepeated({ name: "values of Rust", one: "value" }, "soak-values.mjs", values));
const meetings = {
  name: "nodes that connect and part",
  one: "connect",
  most: MOST_BYTES_OF_NETWORK,
};
soaks.push(await soakRepeated(meetings, "soak-network.mjs", connects));
await startPairs();
soaks.push(await soakLifecycles());

console.log(
  chalk.bold("\nMemory (resident, after garbage collection), and its growth after warm-up"),
);
console.log(table(soaks.flatMap(curveRows), [2, 4, 5]));
console.log(`\n${verdicts(soaks)}`);
const file = await writeResults("soak", {
  machine,
  calls,
  publishes,
  values,
  cycles,
  connects,
  pairs,
  soaks,
});
console.log(chalk.dim(`\nwritten: ${file}`));
if (!soaks.every(({ check }) => check.level && check.plantedFound)) process.exitCode = 1;
