// Ends programs in every way, on every runtime, and counts the log records that they wrote and that
// their sinks got. With --write the table goes into docs/guide/logging.md.
import os from "node:os";
import { $, chalk, fs, path } from "zx";
import { nameOf } from "../../compat/runner/runtimes.mjs";
import { writeSection } from "../marked-section.mjs";
import { readOptions, runCommand } from "../options.mjs";
import { root } from "../paths.mjs";
import { installRuntime, shortRuntimesHere as runtimes } from "../runtimes.mjs";
import { compileTypeScript } from "../typescript.mjs";

const LIMIT = "30s";
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
  "SIGTERM with a handler that exits": true,
  "SIGTERM without a handler, a turn later": true,
  "SIGTERM without a handler, in the same turn": false,
  "SIGKILL in the same turn": false,
  "worker: falls off the end": true,
  "worker: process.exit(0)": true,
  "worker: terminated in the same turn": false,
};

/** Bun before 1.1.26 has no worker threads that hold, and before 1.2.20 none that can be ended. */
function isSupported(way, { kind, version }) {
  if (kind === "node" || !way.startsWith("worker")) return true;
  const [, minor, patch] = version.split(".").map(Number);
  const at = minor * 1000 + patch;
  return way.includes("terminated") ? at >= 2020 : at >= 1026;
}

async function countOf(way, file, folder) {
  const out = path.join(folder, "run");
  await fs.emptyDir(folder);
  const run = $({ quiet: true, nothrow: true, timeout: LIMIT });
  const { exitCode, signal, stderr } = await run`${file} ${program} ${sdk} ${way} ${out}`;
  const read = (name) => fs.readFile(`${out}.${name}`, "utf8").catch(() => "");
  const emitted = Number(await read("emitted"));
  const delivered = (await read("delivered")).split("\n").length - 1;
  return { emitted, delivered, exitCode, signal, stderr };
}

await runCommand("usage: npm run exits -- [--write]", async () => {
  const { write } = readOptions({ flags: ["write"] });
  await compileTypeScript();
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "runar-ts-exits-"));
  const rows = Object.keys(WAYS).map((way) => [way]);
  let failures = 0;
  for (const runtime of runtimes) {
    const file = await installRuntime(runtime.kind, runtime.version);
    for (const [index, [way, mustDeliver]] of Object.entries(WAYS).entries()) {
      if (!isSupported(way, runtime)) {
        rows[index].push("–");
        continue;
      }
      const { emitted, delivered, exitCode, signal, stderr } = await countOf(way, file, folder);
      rows[index].push(`${emitted} / ${delivered}`);
      if (emitted > 0 && (!mustDeliver || emitted === delivered)) continue;
      failures++;
      console.log(
        chalk.red(
          `${runtime.kind} ${runtime.version}, ${way}: ${emitted} emitted, ${delivered} delivered; exit code ${exitCode}, signal ${signal}`,
        ),
      );
      console.log(stderr);
    }
  }
  await fs.remove(folder);

  const names = runtimes.map(nameOf);
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  const table = [
    line(["emitted / delivered", ...names]),
    line(["---", ...names.map(() => "---")]),
    ...rows.map(line),
  ].join("");
  console.log(table);
  if (write) await writeSection(page, "exits", `\n${table}\n`);
  const runs = rows.length * runtimes.length;
  console.log(`exits: ${runs - failures} passed, ${failures} failed`);
  return failures === 0;
});
