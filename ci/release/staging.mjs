// Puts together, outside of the tree, the folders of the packages that are published.
import { $, fs, glob, path } from "zx";
import { root } from "../paths.mjs";
import { bundle } from "./bundle.mjs";
import { creatorManifest, ffiManifest, sdkManifest, targetManifest } from "./manifests.mjs";
import { stageSources } from "./sources.mjs";
import { THIRD_PARTY_LICENSES, thirdPartyLicenses } from "./third-party.mjs";

const sdk = path.join(root, "sdk");
const ffi = path.join(root, "crates", "ffi");
const create = path.join(root, "create");

async function begin(folder, manifest) {
  await fs.emptyDir(folder);
  await fs.writeJson(path.join(folder, "package.json"), manifest, { spaces: 2 });
  await fs.copy(path.join(root, "LICENSE"), path.join(folder, "LICENSE"));
  return folder;
}

/**
 * The types of the sources that there are: the compiler leaves what it made of removed ones. The command
 * line is a program, which has none for others.
 */
async function types() {
  const sources = await glob(["**/*.ts", "!cli/**"], { cwd: path.join(sdk, "src") });
  return sources.map((source) => `dist/${source.replace(/\.ts$/, ".d.ts")}`);
}

/** The package that users import. */
export async function stageSdk(into) {
  const manifest = sdkManifest();
  const folder = await begin(path.join(into, "runar-ts"), manifest);
  await fs.copy(path.join(root, "README.md"), path.join(folder, "README.md"));
  const made = ["dist", THIRD_PARTY_LICENSES];
  const others = manifest.files.filter((name) => !made.includes(name));
  for (const name of [...others, ...(await types())]) {
    await fs.copy(path.join(sdk, name), path.join(folder, name));
  }
  const bundled = await bundle(sdk, folder, manifest);
  const licenses = await thirdPartyLicenses(bundled);
  await fs.writeFile(path.join(folder, THIRD_PARTY_LICENSES), licenses);
  return folder;
}

/** The loader of the addons of some targets, with the sources for those who build one themselves. */
export async function stageLoader(into, published) {
  const folder = await begin(path.join(into, "runar-ts-ffi"), ffiManifest(published));
  await fs.writeFile(
    path.join(folder, "README.md"),
    "# runar-ts-ffi\n\nThe loader of the native addon of [runar-ts](https://www.npmjs.com/package/runar-ts), and its Rust sources.\nUse runar-ts instead: this package has no public API.\n",
  );
  for (const name of await glob(["*.js", "*.d.ts"], { cwd: ffi })) {
    await fs.copy(path.join(ffi, name), path.join(folder, name));
  }
  await stageSources(path.join(folder, "rust"));
  return folder;
}

/** The package of `npm create runar-ts`: a program, which nobody imports. */
export async function stageCreator(into) {
  const folder = await begin(path.join(into, "create-runar-ts"), creatorManifest());
  const modules = await glob("*.ts", { cwd: path.join(create, "src") });
  const programs = modules.map((name) => `dist/${name.replace(/\.ts$/, ".js")}`);
  for (const name of ["README.md", "bin", "template", ...programs]) {
    await fs.copy(path.join(create, name), path.join(folder, name));
  }
  return folder;
}

/** The package of one target, with an addon in it. */
export async function stageTarget(into, target, addon) {
  const folder = await begin(path.join(into, target.packageName), targetManifest(target));
  await fs.writeFile(
    path.join(folder, "README.md"),
    `# ${target.packageName}\n\nThe native addon of [runar-ts](https://www.npmjs.com/package/runar-ts) for \`${target.triple}\`.\n`,
  );
  await fs.copy(addon, path.join(folder, target.file));
  return folder;
}

/** Packs a folder as it would be published; returns the tarball. */
export async function pack(folder, into) {
  await fs.ensureDir(into);
  const run = $({ cwd: folder, quiet: true });
  const { stdout } = await run`npm pack --json --ignore-scripts --pack-destination ${into}`;
  return path.join(into, JSON.parse(stdout)[0].filename);
}
