// The gate: everything that must hold of a release before it is published, said one by one.
import os from "node:os";
import { $, chalk, fs, path } from "zx";
import { targetOfAddon } from "../packages.mjs";
import { root } from "../paths.mjs";
import { makeProject } from "./created-project.mjs";
import { tryEmulated } from "./emulation.mjs";
import { inspectRelease } from "./gate/index.mjs";
import { licenceProblems } from "./gate/licences.mjs";
import { workflowProblems } from "./gate/workflows.mjs";
import { tryInstalls } from "./installs.mjs";
import { releaseDir } from "./pack.mjs";
import { publish, withRegistry } from "./registry.mjs";
import { makeSbom } from "./sbom.mjs";
import { buildFromPackage } from "./source-build.mjs";
import { writeSums } from "./sums.mjs";
import { openTarballs } from "./tarballs.mjs";
import { targets } from "./targets.mjs";

const run = $({ cwd: root, stdio: "inherit" });

/** A folder outside of the tree, whose own manifests nobody's search may find. */
async function withFolder(body) {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "runar-ts-release-"));
  try {
    return await body(folder);
  } finally {
    await fs.remove(folder);
  }
}

const named = (tarballs, name) => tarballs.find((file) => new RegExp(`/${name}-\\d`).test(file));

/** The stages that are run on the tarballs; each throws or returns its problems. */
const STAGES = {
  workflows: workflowProblems,
  async licences(_, strict) {
    const { problems, unasked } = await licenceProblems();
    for (const what of unasked) console.log(chalk.yellow(`  not asked, nobody answered: ${what}`));
    return [...problems, ...(strict ? unasked.map((what) => `not asked: ${what}`) : [])];
  },
  async accidents({ addon }) {
    const cwd = path.join(root, "ci", "release", "test");
    const vitest = path.join(root, "node_modules", ".bin", "vitest");
    const env = { ...process.env, RELEASE_ADDON: addon };
    await $({ cwd, stdio: "inherit", env })`${vitest} run accidents binaries sbom`;
    return [];
  },
  async installs(release) {
    await withRegistry((url) =>
      withFolder(async (folder) => {
        await publish(release.tarballs, url, folder);
        const tell = (line) => console.log(`  ${line}`);
        release.installs = await tryInstalls(url, path.join(folder, "projects"), tell);
        const created = path.join(folder, "created");
        await fs.emptyDir(created);
        await makeProject(url, created, (_, work) => work());
        tell("npm create runar-ts: the tests of the new project pass");
        const others = targets.filter(
          (target) =>
            target !== targetOfAddon(release.addon) && named(release.tarballs, target.packageName),
        );
        release.emulated = await tryEmulated(others, url, path.join(folder, "emulated"), tell);
      }),
    );
    return [];
  },
  async compat() {
    await run`node ci/run.mjs compat --short --packages ${path.join(releaseDir, "tarballs")}`;
    return [];
  },
  async source({ tarballs }) {
    const seconds = await withFolder((folder) =>
      buildFromPackage(named(tarballs, "runar-ts-ffi"), path.join(folder, "runar-ts-ffi")),
    );
    console.log(`  built in ${Math.round(seconds)} s`);
    return [];
  },
};

export const STAGE_NAMES = ["inspect", ...Object.keys(STAGES)];

/**
 * Checks packed packages, and writes their bill of materials and their sums beside them.
 *
 * @param release `{ tarballs, addon }`: the files, and the addon of this machine
 * @param skip names of stages that are left out, which is said
 * @returns whether all that was asked holds
 */
export async function checkRelease(release, { skip = [], strict = false } = {}) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const tell = (name, problems) => {
    counts[problems.length === 0 ? "passed" : "failed"]++;
    console.log(problems.length === 0 ? chalk.green(`✓ ${name}`) : chalk.red(`✗ ${name}`));
    for (const problem of problems) console.log(`  ${problem}`);
  };
  const packages = await openTarballs(release.tarballs, path.join(releaseDir, "opened"));
  if (skip.includes("inspect")) counts.skipped++;
  else {
    const results = await inspectRelease({ packages, targets });
    for (const [name, problems] of Object.entries(results)) tell(name, problems);
  }
  for (const [name, stage] of Object.entries(STAGES)) {
    if (skip.includes(name)) {
      counts.skipped++;
      console.log(chalk.yellow(`– ${name}: skipped`));
      continue;
    }
    console.log(chalk.bold(`▶ ${name}`));
    // What a program printed stands above; its exit code says no more.
    tell(name, await stage(release, strict).catch((error) => [error.message]));
  }
  const sbom = path.join(releaseDir, "sbom.cdx.json");
  await fs.writeFile(sbom, await makeSbom(packages.find(({ name }) => name === "runar-ts")));
  await writeSums([...release.tarballs, sbom], path.join(releaseDir, "SHA256SUMS"));
  console.log(`written: sbom.cdx.json, SHA256SUMS in ${path.relative(root, releaseDir)}`);
  console.log(
    `release:check: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  );
  return counts.failed === 0;
}
