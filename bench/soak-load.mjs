// A node that calls two others for minutes at half of what it can, while one of them is restarted and
// the other is killed and comes back. Each call has a number of its own, and each number that is
// called is written down by whoever runs it: at the end both sides must agree. Argument: how many
// minutes. Started by ci/commands/soak.mjs.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Identity, Network, Node, OverloadError, RunarError } from "runar-ts";
import { chalk } from "zx";
import { curve, megabytes, readable, table } from "./chart.mjs";
import { machineFacts, writeResults } from "./results.mjs";
import { growth, memoryCurve } from "./soak-memory.mjs";

const FULL_LOAD_SECONDS = 10;
const IN_FLIGHT = 64;
const PAUSE_MS = 5;
/** That a call may make the memory of its caller, or of who is called, grow. */
const MOST_BYTES = 16;
/** In which of the forty parts of the run something happens. */
const RESTART_AT = 13;
const KILL_AT = 26;

const minutes = Number(process.argv[2]);
const program = fileURLToPath(new URL("soak-load-called.mjs", import.meta.url));
const folder = await mkdtemp(path.join(os.tmpdir(), "runar-ts-soak-"));
const network = Network.create();

function enrolled() {
  const identity = Identity.create();
  network.enrol(identity);
  return identity;
}

/** A node in a process of its own, which can be started again. */
class Called {
  identity = enrolled();
  file;
  #bind = "127.0.0.1:0";
  #child;
  #ended;

  constructor(name) {
    this.file = path.join(folder, name);
  }

  async ask(command, rest = {}) {
    this.#child.send({ command, ...rest });
    const [told] = await Promise.race([once(this.#child, "message"), this.#ended]);
    if (told === undefined) throw new Error(`${this.file}: ${command}: the process has ended`);
    return told;
  }

  async start() {
    this.#child = fork(program);
    this.#ended = once(this.#child, "exit").then(() => []);
    const keys = Buffer.from(this.identity.export()).toString("base64");
    this.#bind = await this.ask("start", { keys, bind: this.#bind, file: this.file });
  }

  async stop() {
    this.#child.send({ command: "stop" });
    await this.#ended;
  }

  async kill() {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  get address() {
    return { publicKey: this.identity.publicKey, addresses: [this.#bind] };
  }
}

const calling = new Node({ network_config: {} }, { identity: enrolled() });
await calling.start();
const [first, second] = [new Called("first"), new Called("second")];
for (const called of [first, second]) {
  await called.start();
  await calling.connect(called.address);
}
await calling.waitForService("counted");

/** What has become of the call of each number. */
const ANSWERED = 1;
const NOT_RUN = 2;
const MAY_HAVE_RUN = 3;
let outcomes = new Uint8Array(0);
let made = 0;

/** Calls until there is an answer: each time under another number. */
async function call() {
  for (;;) {
    const number = made++;
    try {
      const answer = await calling.request("counted/run", number);
      if (answer !== number) throw new Error(`the call ${number} was answered with ${answer}`);
      outcomes[number] = ANSWERED;
      return;
    } catch (error) {
      if (!(error instanceof RunarError && error.retryable)) throw error;
      const isTurnedAway = error instanceof OverloadError || error.details?.mayHaveRun === false;
      outcomes[number] = isTurnedAway ? NOT_RUN : MAY_HAVE_RUN;
    }
  }
}

/** How many calls a second are answered when as many are made as can be. */
async function fullLoad() {
  outcomes = new Uint8Array(100_000 * FULL_LOAD_SECONDS);
  const end = performance.now() + FULL_LOAD_SECONDS * 1000;
  const inTurn = async () => {
    while (performance.now() < end) await call();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, inTurn));
  return made / FULL_LOAD_SECONDS;
}

/** Makes so many calls, so many a second. */
async function callAtRate(count, rate) {
  const began = performance.now();
  const under = new Set();
  for (let started = 0; started < count; ) {
    const due = Math.min(count, ((performance.now() - began) * rate) / 1000);
    for (; started < due; started++) {
      const one = call().finally(() => under.delete(one));
      under.add(one);
    }
    await setTimeout(PAUSE_MS);
  }
  await Promise.all(under);
}

const machine = machineFacts();
console.log(`${machine.cpu}, ${machine.cores} cores; Node ${machine.node}`);
const full = await fullLoad();
const rate = full / 2;
const calls = Math.ceil(rate * minutes * 60);
console.log(
  `${readable(full)} calls/s at full load; ${minutes} minutes at ${readable(rate)} calls/s`,
);
const before = made;
// Written to before it is measured.
const kept = new Uint8Array(before + Math.ceil(calls * 1.1)).fill(NOT_RUN);
kept.set(outcomes.subarray(0, before));
outcomes = kept;

let part = 0;
const calledMemory = [];
const events = [];
async function restart(called, way) {
  const began = performance.now();
  await called[way]();
  await called.start();
  events.push({ part, way, seconds: (performance.now() - began) / 1000 });
}
const callerMemory = await memoryCurve(calls, async (count) => {
  part++;
  const disturbing =
    part === RESTART_AT
      ? restart(first, "stop")
      : part === KILL_AT
        ? restart(second, "kill")
        : undefined;
  await Promise.all([callAtRate(count, rate), disturbing]);
  // Of the process that runs from then on to the end.
  if (part > KILL_AT) calledMemory.push({ done: made / 2, rss: await second.ask("memory") });
});
for (const called of [first, second]) await called.stop();
await calling.stop();

/** How often each number was run. */
const runs = new Uint8Array(made);
let ran = 0;
for (const { file } of [first, second]) {
  const { buffer, byteOffset, byteLength } = await readFile(file);
  for (const number of new Uint32Array(buffer, byteOffset, byteLength / 4)) {
    runs[number]++;
    ran++;
  }
}
await rm(folder, { recursive: true });

const count = (outcome, times) => {
  let found = 0;
  for (let number = 0; number < made; number++) {
    if (outcomes[number] === outcome && times(runs[number])) found++;
  }
  return found;
};
const any = () => true;
const answered = count(ANSWERED, any);
const lost = count(MAY_HAVE_RUN, any);
const lostAndRan = count(MAY_HAVE_RUN, (times) => times === 1);
const notRun = count(NOT_RUN, any);
const growths = { caller: growth(callerMemory), called: growth(calledMemory) };
const checks = {
  "every answer was run, once": count(ANSWERED, (times) => times !== 1) === 0,
  "nothing that was told not to have run was run": count(NOT_RUN, (times) => times > 0) === 0,
  "nothing was run twice": count(MAY_HAVE_RUN, (times) => times > 1) === 0,
  "runs are answers, and those whose answer was lost": ran === answered + lostAndRan,
  "the caller's memory is level": growths.caller <= MOST_BYTES,
  "the memory of whom it calls is level": growths.called <= MOST_BYTES,
};
const memoryOf = (samples) =>
  `${megabytes(samples[0])} to ${megabytes(samples.at(-1))} ${curve(samples)}`;
const verdict = (passed) => (passed ? chalk.green("passed") : chalk.red("FAILED"));
console.log(
  table(
    [
      ["calls", `${made}`, "made, each under a number of its own"],
      ["", `${answered}`, "answered"],
      ["", `${notRun}`, "turned away or not sent, and made again"],
      [
        "",
        `${lost}`,
        `may have run when a connection broke, and were made again; ${lostAndRan} had`,
      ],
      ["runs", `${ran}`, "on the other side"],
      ["memory", `${readable(growths.caller)} bytes/call`, `caller: ${memoryOf(callerMemory)}`],
      [
        "",
        `${readable(growths.called)} bytes/call`,
        `called, since it was killed: ${memoryOf(calledMemory)}`,
      ],
      ...events.map(({ way, seconds }) => [
        way,
        `${seconds.toFixed(1)} s`,
        "until it was there again",
      ]),
      ...Object.entries(checks).map(([what, passed]) => [verdict(passed), "", what]),
    ],
    [1],
  ),
);
const file = await writeResults("soak-load", {
  machine,
  minutes,
  full,
  rate,
  calls: { made, answered, notRun, lost, lostAndRan, ran },
  events,
  growths,
  callerMemory,
  calledMemory,
  checks,
});
console.log(chalk.dim(`\nwritten: ${file}`));
if (!Object.values(checks).every(Boolean)) process.exitCode = 1;
