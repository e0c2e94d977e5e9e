// A whole release on one machine, but for the publishing: builds what this machine can build, lets the gate
// look at it, publishes it to a registry on loopback, installs and runs it, and prints what came of it.
import { chalk, fs, path } from "zx";
import { readList, readOptions, runCommand } from "../options.mjs";
import { checkRelease, STAGE_NAMES } from "../release/check.mjs";
import { addonsDir, buildForTarget, whyNotHere } from "../release/cross.mjs";
import { addonsOf, glibcOf } from "../release/gate/binaries.mjs";
import { addonsIn, packRelease, releaseDir } from "../release/pack.mjs";
import { openTarballs } from "../release/tarballs.mjs";
import { hostTarget, targets } from "../release/targets.mjs";

const USAGE = `usage: npm run release:dry -- [option …]

  --only LIST    triples; by default all that can be built here
  --no-build     takes the addons that are there
  --skip LIST    stages of the gate that are left out: ${STAGE_NAMES.join(", ")}`;

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Builds each target; returns why some were not. */
async function buildAll(wanted) {
  const reasons = new Map();
  for (const target of wanted) {
    const reason = whyNotHere(target);
    if (reason === undefined) await buildForTarget(target);
    else reasons.set(target, `not built here: ${reason}`);
  }
  return reasons;
}

/** What the table says of how the addon of this machine ran. */
function timesHere(installs) {
  if (installs === undefined) return ["not tried", "not tried"];
  const npm = installs.filter(({ installer }) => installer === "npm");
  return [
    `${npm[0].seconds.toFixed(1)} s`,
    npm.map(({ runtime, firstCall }) => `${runtime}: ${Math.round(firstCall)} ms`).join(", "),
  ];
}

/** The same of another machine's. */
function timesElsewhere(emulated) {
  if (emulated === undefined) return ["not tried", "not tried"];
  const { reason, runtime, firstCall } = emulated;
  return ["–", reason ? `not run: ${reason}` : `${runtime}, emulated: ${Math.round(firstCall)} ms`];
}

async function table(release, here, reasons) {
  const packages = await openTarballs(release.tarballs, path.join(releaseDir, "opened"));
  const addons = await addonsOf({ packages, targets });
  const rows = [["target", "size", "packed", "libc", "npm install", "import to first answer"]];
  for (const target of targets) {
    const addon = addons.find((one) => one.target === target);
    if (addon === undefined) {
      rows.push([target.triple, reasons.get(target) ?? "not built", "", "", "", ""]);
      continue;
    }
    const glibc = glibcOf(addon.facts);
    const { size } = await fs.stat(addon.file);
    rows.push([
      target.triple,
      megabytes(size),
      megabytes(addon.packed),
      glibc ? `glibc ${glibc}` : (target.libc ?? "–"),
      ...(target === here
        ? timesHere(release.installs)
        : timesElsewhere(release.emulated?.get(target))),
    ]);
  }
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(rows[0]), line(rows[0].map(() => "---")), ...rows.slice(1).map(line)].join("\n");
}

await runCommand(USAGE, async () => {
  const { only, skip, build } = readOptions({
    strings: ["only", "skip"],
    flags: ["build"],
    defaults: { build: true },
  });
  const triples = targets.map(({ triple }) => triple);
  const chosen = readList(only, triples);
  const skipped = readList(skip, STAGE_NAMES);
  const wanted = targets.filter(({ triple }) => chosen.length === 0 || chosen.includes(triple));
  const reasons = build ? await buildAll(wanted) : new Map();
  const addons = (await addonsIn(addonsDir)).filter(({ target }) => wanted.includes(target));
  const here = await hostTarget();
  const own = addons.find(({ target }) => target === here);
  if (own === undefined) throw new Error(`there is no addon for ${here.triple}, this machine`);
  const release = { tarballs: await packRelease(addons), addon: own.file };
  const good = await checkRelease(release, { skip: skipped });
  console.log(`\n${await table(release, here, reasons)}\n`);
  if (!good) console.log(chalk.red("The gate refuses this release."));
  return good;
});
