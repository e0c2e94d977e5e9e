// From the import to the first answered call, in a process of its own: runar-ts as users install it,
// and moleculer.
import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { moleculerName } from "../peers.mjs";
import { figure, interleaved, median, ratio } from "../rounds.mjs";

const PROCESSES_IN_ROUND = 7;
const programs = fileURLToPath(new URL("../startup/", import.meta.url));

// The installed addon is meant, not one that the environment names.
const env = { ...process.env, RUNAR_TS_FFI_PATH: "" };
const run = promisify(execFile);

async function startup(program) {
  const times = [];
  for (let started = 0; started < PROCESSES_IN_ROUND; started++) {
    const { stdout } = await run(process.execPath, [program], { env });
    times.push(Number(stdout));
  }
  return median(times);
}

export async function measure({ installedProject }) {
  // A module is looked for from where the program is.
  const ours = path.join(installedProject, "first-call.mjs");
  await copyFile(path.join(programs, "runar-ts.mjs"), ours);
  const theirs = path.join(programs, "moleculer.mjs");
  const rounds = await interleaved([
    { measure: () => startup(ours) },
    { measure: () => startup(theirs) },
  ]);
  const [sdk, moleculer] = [figure("runar-ts", rounds[0]), figure(moleculerName, rounds[1])];
  return {
    charts: [
      { title: "From the import to the first answer", unit: "ms", figures: [sdk, moleculer] },
      {
        title: "The same, as a ratio",
        unit: "x",
        figures: [ratio("runar-ts / moleculer", sdk, moleculer)],
      },
    ],
    aims: [{ what: "import to first answer", unit: "ms", atMost: 60, measured: sdk.median }],
  };
}
