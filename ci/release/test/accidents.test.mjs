// Accidents that happened to others, planted one at a time into packages that are otherwise those of
// the tree: the gate must name each.

import { afterAll, beforeAll, expect, it } from "vitest";
import { fs, glob, path } from "zx";
import { targetOfAddon } from "../../packages.mjs";
import { root } from "../../paths.mjs";
import { pathsIn } from "../gate/binaries.mjs";
import { CHECKS } from "../gate/index.mjs";
import { pack, stageCreator, stageLoader, stageSdk, stageTarget } from "../staging.mjs";
import { openTarballs } from "../tarballs.mjs";
import { findTarget, targets } from "../targets.mjs";

const work = path.join(root, "target", "release-accidents");
const pristine = path.join(work, "pristine");
const staged = path.join(work, "staged");
const addon =
  process.env.RELEASE_ADDON ?? glob.sync("crates/ffi/*.node", { cwd: root, absolute: true })[0];
const target = targetOfAddon(addon);
const musl = findTarget(target.triple.replace(/gnu$/, "musl"));

const foldersIn = (file) => pathsIn(fs.readFileSync(file, "latin1")).length;

/** Packs a package's folder, and opens that. */
async function packed(folder) {
  const into = path.join(work, "tarballs", path.basename(path.dirname(folder)));
  const [opened] = await openTarballs(
    [await pack(folder, into)],
    path.join(work, "opened", path.basename(path.dirname(folder)), path.basename(folder)),
  );
  return opened;
}

/** The packages without an accident, and what each check says of them. */
let sound;
const before = {};
beforeAll(async () => {
  await fs.emptyDir(work);
  sound = [
    await packed(await stageSdk(pristine)),
    await packed(await stageLoader(pristine, targets)),
    await packed(await stageTarget(pristine, target, addon)),
    await packed(await stageCreator(pristine)),
  ];
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
    of: musl.packageName,
    check: "the addons",
    plant: () => stageTarget(staged, musl, addon),
    refusal: `${musl.packageName}: it is for glibc: `,
  },
  {
    accident: "a binary of another version",
    of: target.packageName,
    check: "one version",
    plant: () =>
      edit(shippedAddon, (text) => text.replace(/(?<=runar-ts-ffi )\d(?=[\d.]+ with)/, "9")),
    refusal: `the addon in ${target.packageName} is version 9.`,
  },
  {
    accident: "a missing .d.ts",
    of: "runar-ts",
    check: "the files",
    plant: () => fs.remove(inPackage("runar-ts", "dist/logging/index.d.ts")),
    refusal: "runar-ts: dist/logging/index.d.ts is missing",
  },
  {
    accident: "a .d.ts missing that others import",
    of: "runar-ts",
    check: "the files",
    plant: () => fs.remove(inPackage("runar-ts", "dist/api/context.d.ts")),
    refusal: "runar-ts: dist/api/context.d.ts is missing",
  },
  {
    accident: "a secret-looking file",
    of: "runar-ts",
    check: "the files",
    plant: () => fs.writeFile(inPackage("runar-ts", "bin/.env"), "PASSWORD=1"),
    refusal: "runar-ts: bin/.env looks like a secret",
  },
  {
    accident: "a secret in a file of an innocent name",
    of: "runar-ts",
    check: "the files",
    plant: () =>
      edit(inPackage("runar-ts", "dist/index.js"), (text) => `${text}// npm_${"a1".repeat(18)}`),
    refusal: "runar-ts: dist/index.js holds a token of npm",
  },
  {
    accident: "a file that is on no list",
    of: "runar-ts",
    check: "the files",
    plant: () => fs.writeFile(inPackage("runar-ts", "dist/notes.txt"), "to do"),
    refusal: "runar-ts: dist/notes.txt is on no list of what may be published",
  },
  {
    accident: "an import that no install brings",
    of: "runar-ts",
    check: "other packages, inside and beside",
    plant: () =>
      edit(inPackage("runar-ts", "dist/index.js"), (text) => `import "left-pad";\n${text}`),
    refusal: "runar-ts: it imports left-pad, which no install of it brings",
  },
  {
    accident: "a type of a package that no install brings",
    of: "runar-ts",
    check: "other packages, inside and beside",
    plant: () =>
      edit(
        inPackage("runar-ts", "dist/index.d.ts"),
        (text) => `${text}\nexport type { Command } from "commander";\n`,
      ),
    refusal: "runar-ts: it imports commander, which no install of it brings",
  },
  {
    accident: "bundled code without its licence",
    of: "runar-ts",
    check: "other packages, inside and beside",
    plant: () =>
      edit(inPackage("runar-ts", "THIRD-PARTY-LICENSES"), (text) =>
        text.replace(/^## commander .*$/m, ""),
      ),
    refusal: "runar-ts: commander is inside, and not in THIRD-PARTY-LICENSES",
  },
  {
    accident: "bundled code of a licence that asks for more",
    of: "runar-ts",
    check: "other packages, inside and beside",
    plant: () =>
      edit(inPackage("runar-ts", "THIRD-PARTY-LICENSES"), (text) =>
        text.replace(/^(## commander \S+) .*$/m, "$1 (GPL-3.0-only)"),
      ),
    refusal: "runar-ts: commander is inside, and its licence is GPL-3.0-only",
  },
  {
    accident: "a build path in the binary",
    of: target.packageName,
    check: "the addons",
    plant: () => edit(shippedAddon, (text) => `${text}\0/builds/agent-7/project/src/lib.rs\0`),
    refusal: `${foldersIn(addon) + 1} paths of the machine that built it are inside`,
  },
  {
    accident: "sources without a crate",
    of: "runar-ts-ffi",
    check: "the sources",
    plant: () => fs.remove(inPackage("runar-ts-ffi", "rust/crates/logging-bridge")),
    refusal: "runar-ts-ffi: its sources cannot be built",
  },
  {
    accident: "a wrong entry in exports",
    of: "runar-ts",
    check: "the files",
    plant: () =>
      editManifest("runar-ts", ({ exports }) => {
        exports["./logging"].default = "./dist/logging/main.js";
      }),
    refusal: "runar-ts: dist/logging/main.js is missing",
  },
  {
    accident: "an entry whose types come too late",
    of: "runar-ts",
    check: "the entries, by publint and attw",
    plant: () =>
      editManifest("runar-ts", ({ exports }) => {
        const { types, default: main } = exports["."];
        exports["."] = { default: main, types };
      }),
    refusal: "runar-ts: publint says:",
  },
  {
    accident: "an oversized binary",
    of: target.packageName,
    check: "the addons",
    plant: () => fs.appendFile(shippedAddon, Buffer.alloc(50e6)),
    refusal: `it is ${((fs.statSync(addon).size + 50e6) / 1e6).toFixed(2)} MB on disk`,
  },
  {
    accident: "a binary of another architecture",
    of: target.packageName,
    check: "the addons",
    plant: async () => {
      const bytes = await fs.readFile(shippedAddon);
      bytes.writeUInt16LE(243, 18); // RISC-V
      await fs.writeFile(shippedAddon, bytes);
    },
    refusal: `${target.packageName}: it is for RISCV`,
  },
  {
    accident: "a create-runar-ts that lags behind",
    of: "create-runar-ts",
    check: "one version",
    plant: () =>
      editManifest("create-runar-ts", (manifest) => {
        manifest.version = "0.0.9";
      }),
    refusal: "create-runar-ts is version 0.0.9",
  },
  {
    accident: "a template without its manifest",
    of: "create-runar-ts",
    check: "the files",
    plant: () => fs.remove(inPackage("create-runar-ts", "template/package.json")),
    refusal: "create-runar-ts: template/package.json is missing",
  },
  {
    accident: "a package that asks for another version of its addon",
    of: "runar-ts-ffi",
    check: "one version",
    plant: () =>
      editManifest("runar-ts-ffi", ({ optionalDependencies }) => {
        optionalDependencies[target.packageName] = "9.0.0";
      }),
    refusal: `${target.packageName}, as runar-ts-ffi asks for it, is version 9.0.0`,
  },
];

it.each(ACCIDENTS)(
  "$accident is refused",
  async ({ of, plant, check, refusal }) => {
    await fs.emptyDir(staged);
    if (await fs.pathExists(path.join(pristine, of))) {
      await fs.copy(path.join(pristine, of), path.join(staged, of));
    }
    await plant();
    const changed = await packed(path.join(staged, of));
    const rest = sound.filter(({ name }) => name !== of);
    const problems = (packages) => CHECKS[check]({ packages, targets });
    before[check] ??= await problems(sound);
    const found = await problems([...rest, changed]);
    expect(found.filter((problem) => problem.includes(refusal))).not.toEqual([]);
    expect(before[check].filter((problem) => problem.includes(refusal))).toEqual([]);
  },
  300_000,
);
