// Accidents that happened to others, planted one at a time into packages that are otherwise those of
// the tree: the gate must name each.

import { afterAll, beforeAll, expect, it } from "vitest";
import { fs, glob, path } from "zx";
import { targetOfAddon } from "../../packages.mjs";
import { root } from "../../paths.mjs";
import { inspectRelease } from "../gate/index.mjs";
import { pack, stageLoader, stageSdk, stageTarget } from "../staging.mjs";
import { openTarballs } from "../tarballs.mjs";
import { findTarget, targets } from "../targets.mjs";

const work = path.join(root, "target", "release-accidents");
const pristine = path.join(work, "pristine");
const staged = path.join(work, "staged");
const addon =
  process.env.RELEASE_ADDON ?? glob.sync("crates/ffi/*.node", { cwd: root, absolute: true })[0];
const target = targetOfAddon(addon);
const musl = findTarget(target.triple.replace(/gnu$/, "musl"));

/** What the gate says of the packages in the folder. */
async function inspect() {
  const folders = await glob("*", { cwd: staged, absolute: true, onlyDirectories: true });
  await fs.emptyDir(path.join(work, "tarballs"));
  const tarballs = [];
  for (const folder of folders) tarballs.push(await pack(folder, path.join(work, "tarballs")));
  const packages = await openTarballs(tarballs, path.join(work, "opened"));
  return Object.values(await inspectRelease({ packages, targets })).flat();
}

let before;
beforeAll(async () => {
  await fs.emptyDir(pristine);
  await stageSdk(pristine);
  await stageLoader(pristine, targets);
  await stageTarget(pristine, target, addon);
  await fs.copy(pristine, staged);
  before = await inspect();
}, 300_000);
afterAll(() => fs.remove(work));

const inPackage = (name, file) => path.join(staged, name, file);
const shippedAddon = inPackage(target.packageName, target.file);

async function edit(file, change) {
  const text = await fs.readFile(file, "latin1");
  const changed = change(text);
  expect(changed).not.toBe(text);
  await fs.writeFile(file, changed, "latin1");
}

const editManifest = (name, change) =>
  edit(inPackage(name, "package.json"), (text) => {
    const manifest = JSON.parse(text);
    change(manifest);
    return JSON.stringify(manifest);
  });

const ACCIDENTS = [
  {
    accident: "a glibc binary in the musl package",
    plant: () => stageTarget(staged, musl, addon),
    refusal: `${musl.packageName}: it is for glibc: `,
  },
  {
    accident: "a binary of another version",
    plant: () =>
      edit(shippedAddon, (text) => text.replace(/(?<=runar-ts-ffi )\d(?=[\d.]+ with)/, "9")),
    refusal: `the addon in ${target.packageName} is version 9.`,
  },
  {
    accident: "a missing .d.ts",
    plant: () => fs.remove(inPackage("runar-ts", "dist/logging/index.d.ts")),
    refusal: "runar-ts: dist/logging/index.d.ts is missing",
  },
  {
    accident: "a secret-looking file",
    plant: () => fs.writeFile(inPackage("runar-ts", "bin/.env"), "PASSWORD=1"),
    refusal: "runar-ts: bin/.env looks like a secret",
  },
  {
    accident: "a secret in a file of an innocent name",
    plant: () =>
      edit(inPackage("runar-ts", "dist/node.js"), (text) => `${text}// npm_${"a1".repeat(18)}`),
    refusal: "runar-ts: dist/node.js holds a token of npm",
  },
  {
    accident: "a file that is on no list",
    plant: () => fs.writeFile(inPackage("runar-ts", "dist/notes.txt"), "to do"),
    refusal: "runar-ts: dist/notes.txt is on no list of what may be published",
  },
  {
    accident: "a build path in the binary",
    plant: () => edit(shippedAddon, (text) => `${text}\0/builds/agent-7/project/src/lib.rs\0`),
    refusal: `/builds/agent-7/project/src/lib.rs`,
  },
  {
    accident: "sources without a crate",
    plant: () => fs.remove(inPackage("runar-ts-ffi", "rust/crates/logging-bridge")),
    refusal: "runar-ts-ffi: its sources cannot be built",
  },
  {
    accident: "a wrong entry in exports",
    plant: () =>
      editManifest("runar-ts", ({ exports }) => {
        exports["./logging"].default = "./dist/logging/main.js";
      }),
    refusal: "runar-ts: dist/logging/main.js is missing",
  },
  {
    accident: "an entry whose types come too late",
    plant: () =>
      editManifest("runar-ts", ({ exports }) => {
        const { types, default: main } = exports["."];
        exports["."] = { default: main, types };
      }),
    refusal: "runar-ts: publint says:",
  },
  {
    accident: "an oversized binary",
    plant: () => fs.appendFile(shippedAddon, Buffer.alloc(50e6)),
    refusal: " MB on disk, and the budget is ",
  },
  {
    accident: "a binary of another architecture",
    plant: async () => {
      const bytes = await fs.readFile(shippedAddon);
      bytes.writeUInt16LE(243, 18); // RISC-V
      await fs.writeFile(shippedAddon, bytes);
    },
    refusal: `${target.packageName}: it is for RISCV`,
  },
  {
    accident: "a package that asks for another version of its addon",
    plant: () =>
      editManifest("runar-ts-ffi", ({ optionalDependencies }) => {
        optionalDependencies[target.packageName] = "9.0.0";
      }),
    refusal: `${target.packageName}, as runar-ts-ffi asks for it, is version 9.0.0`,
  },
];

it.each(ACCIDENTS)(
  "$accident is refused",
  async ({ plant, refusal }) => {
    await fs.emptyDir(staged);
    await fs.copy(pristine, staged);
    await plant();
    const added = (await inspect()).filter((problem) => !before.includes(problem));
    expect(added.filter((problem) => problem.includes(refusal))).not.toEqual([]);
    expect(before.filter((problem) => problem.includes(refusal))).toEqual([]);
  },
  120_000,
);
