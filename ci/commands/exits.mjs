// Ends programs in every way, on every runtime, with a standard error stream of each kind, and
// compares the log records that they wrote with those that arrived. With --write the table goes into
// docs/guide/logging.md.
import { spawn } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import { chalk, fs, path } from "zx";
import { runtimes as all, nameOf, selectRuntimes } from "../../compat/runner/runtimes.mjs";
import { writeSection } from "../marked-section.mjs";
import { readKnown, readOptions, runCommand } from "../options.mjs";
import { root } from "../paths.mjs";
import { installRuntime, isPublishedHere, shortRuntimesHere } from "../runtimes.mjs";
import { compileTypeScript } from "../typescript.mjs";

const LIMIT_MS = 60_000;
const program = path.join(root, "ci", "exits", "program.mjs");
const sdk = path.join(root, "sdk", "dist", "index.js");
const page = path.join(root, "docs", "guide", "logging.md");

/** Each way to end, and whether all that was written must be delivered. */
const WAYS = {
  "falls off the end": true,
  "process.exit(0)": true,
  "process.exit in a handler": true,
  "uncaught error": true,
  "unhandled rejection": true,
  "stop(), then the end": true,
  "stop(), then process.exit(0)": true,
  "closeLogs(), then process.exit(0)": true,
  "SIGTERM with a handler that exits": true,
  "SIGTERM without a handler, once nothing is pending": true,
  "SIGKILL, once nothing is pending": true,
  "SIGTERM without a handler, in the same turn": false,
  "SIGKILL in the same turn": false,
  "worker: falls off the end": true,
  "worker: process.exit(0)": true,
  "worker: terminated in the same turn": false,
};

/**
 * What the records are written to: a sink of the program, or the standard error stream of a kind.
 * Each is a command around that of the program. `spawn` itself makes sockets.
 */
const TARGETS = {
  function: (command) => command,
  file: (command, out) => sh(`exec "$@" 2> "$0"`, `${out}.lines`, ...command),
  pipe: (command) => sh(`exec 3>&1; "$@" 2>&1 1>&3 | cat >&2`, "sh", ...command),
  socket: (command) => command,
  terminal: (command) => [
    "script",
    "-qec",
    `stty -opost; exec ${command.map(quoted).join(" ")}`,
    "/dev/null",
  ],
};

const sh = (script, ...rest) => ["sh", "-c", script, ...rest];
const quoted = (part) => `'${part.replaceAll("'", `'\\''`)}'`;

/**
 * Bun before 1.1.26 has no worker threads that hold. Up to 1.3.0 at least it cannot end one that is
 * busy: `terminate()` then never comes back.
 */
function isSupported(way, { kind, version }) {
  if (kind === "node" || !way.startsWith("worker")) return true;
  const [major, minor, patch] = version.split(".").map(Number);
  const at = (major * 1000 + minor) * 1000 + patch;
  return at >= (way.includes("terminated") ? 1_003_014 : 1_001_026);
}

/** Runs a command to its end; returns what it wrote. */
async function run([command, ...args]) {
  // A group of its own: what the command started must not outlive the limit.
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part) => {
      text += part;
    });
  }
  const timer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), LIMIT_MS);
  const began = performance.now();
  const [code, signal] = await once(child, "close");
  clearTimeout(timer);
  const isOver = performance.now() - began < LIMIT_MS;
  return { text, isOver, ended: `exit code ${code}, signal ${signal}` };
}

/** How many lines are whole records, and the first that looks like one and is none. */
function readRecords(text) {
  let whole = 0;
  let broken;
  for (const line of text.split("\n")) {
    try {
      if (typeof JSON.parse(line).seq === "number") whole++;
    } catch {
      if (/"seq":|^\{"time"|record \d/.test(line)) broken ??= line;
    }
  }
  return { whole, broken };
}

async function measure(way, target, file, folder) {
  const out = path.join(folder, "run");
  await fs.emptyDir(folder);
  const { text, isOver, ended } = await run(
    TARGETS[target]([file, program, sdk, way, out, target], out),
  );
  const read = (name) => fs.readFile(`${out}.${name}`, "utf8").catch(() => "");
  const counts = JSON.parse((await read("counts")) || `{"accepted":0,"delivered":0}`);
  const isInFile = target === "function" || target === "file";
  const { whole, broken } = readRecords(isInFile ? await read("lines") : text);
  return { ...counts, arrived: whole, broken, isOver, ended, text };
}

/** What is wrong with a run; `undefined` when nothing is. */
function complaintOf(mustArrive, { accepted, delivered, arrived, broken, isOver }) {
  if (!isOver) return "it did not end in time";
  if (accepted === 0) return "the program told nothing";
  if (mustArrive && arrived !== accepted) return "records were lost";
  if (arrived < delivered) return "records that were called delivered did not arrive";
  // Whoever is killed within a write leaves a part of it.
  return mustArrive && broken !== undefined
    ? `a line is broken: ${broken.slice(0, 200)}`
    : undefined;
}

function cellOf(results) {
  if (results.length === 0) return "–";
  if (results.every(({ accepted, arrived }) => accepted === arrived)) {
    return `all, ${results.length} of ${results.length}`;
  }
  const arrived = results.map((result) => result.arrived);
  const accepted = Math.max(...results.map((result) => result.accepted));
  return `${Math.min(...arrived)} to ${Math.max(...arrived)} of ${accepted}`;
}

const usage = `usage: npm run exits -- [--short] [--runtime KIND[@VERSION]] [--target TARGET] [--write]

  --short              the six runtimes of the short conformance suite
  --runtime KIND[@V]   those only, such as node, bun@1.0
  --target TARGET      one of ${Object.keys(TARGETS).join(", ")}
  --write              writes the table into docs/guide/logging.md`;

await runCommand(usage, async () => {
  const options = readOptions({ flags: ["short", "write"], strings: ["runtime", "target"] });
  await compileTypeScript();
  const chosen = options.runtime ? selectRuntimes(options.runtime) : all.filter(isPublishedHere);
  const runtimes = options.short ? shortRuntimesHere : chosen;
  const known = Object.keys(TARGETS);
  const targets = options.target ? [readKnown(options.target, known)] : known;
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "runar-ts-exits-"));
  const results = new Map();
  const at = (way, target) => `${way}\0${target}`;
  let [runs, failures] = [0, 0];
  for (const runtime of runtimes) {
    const file = await installRuntime(runtime.kind, runtime.version);
    for (const [way, mustArrive] of Object.entries(WAYS)) {
      if (!isSupported(way, runtime)) continue;
      for (const target of targets) {
        const result = await measure(way, target, file, folder);
        const key = at(way, target);
        results.set(key, [...(results.get(key) ?? []), result]);
        runs++;
        const complaint = complaintOf(mustArrive, result);
        if (complaint === undefined) continue;
        failures++;
        const { accepted, delivered, arrived, ended, text } = result;
        const counts = `${accepted} written, ${delivered} called delivered, ${arrived} arrived`;
        const where = `${nameOf(runtime)}, ${way}, ${target}`;
        console.log(chalk.red(`${where}: ${complaint}: ${counts}; ${ended}`));
        console.log(text.slice(-500));
      }
    }
  }
  await fs.remove(folder);

  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  const rows = Object.keys(WAYS).map((way) =>
    line([way, ...targets.map((target) => cellOf(results.get(at(way, target)) ?? []))]),
  );
  const table = [line(["", ...targets]), line(["---", ...targets.map(() => "---")]), ...rows].join(
    "",
  );
  console.log(table);
  if (options.write) await writeSection(page, "exits", `\n${table}\n`);
  console.log(`exits: ${runs - failures} passed, ${failures} failed`);
  return failures === 0;
});
