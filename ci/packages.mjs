// What would be published, packed: the SDK, the loader, and the package of one addon; and a project
// that has them installed as a user has.
import { createHash } from "node:crypto";
import { $, fs, path } from "zx";
import { root } from "./paths.mjs";

const ffi = path.join(root, "crates", "ffi");
const sdk = path.join(root, "sdk");
/** How napi-rs names an addon: with the name of its platform. */
const ADDON = /^runar-ts-ffi\.(?<platform>[\w-]+)\.node$/;

/** The folder of a platform's package, with this addon in it. */
async function platformPackage(addon) {
  const { platform } = ADDON.exec(path.basename(addon))?.groups ?? {};
  if (platform === undefined) {
    throw new Error(
      `${addon}: an addon is named runar-ts-ffi.<platform>.node, as the build names it`,
    );
  }
  await $({ cwd: ffi, quiet: true })`${path.join(root, "node_modules/.bin/napi")} create-npm-dirs`;
  const folder = path.join(ffi, "npm", platform);
  if (!(await fs.pathExists(folder))) throw new Error(`${addon}: ${platform} is no target of ours`);
  await fs.copy(addon, path.join(folder, path.basename(addon)));
  return folder;
}

/** Packs one package; returns the tarball. */
export async function pack(folder, into) {
  const run = $({ cwd: folder, quiet: true });
  const { stdout } = await run`npm pack --json --ignore-scripts --pack-destination ${into}`;
  return path.join(into, JSON.parse(stdout)[0].filename);
}

/** Packs what a user of this addon's platform installs; returns the tarballs. */
export async function packPackages(addon, into) {
  await fs.emptyDir(into);
  const tarballs = [];
  for (const folder of [sdk, ffi, await platformPackage(addon)]) {
    tarballs.push(await pack(folder, into));
  }
  return tarballs;
}

/** A hash of the contents of files. */
async function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(await fs.readFile(file));
  return hash.digest("hex");
}

/**
 * Installs the packages into an empty project, unless that very content is installed there.
 *
 * @param name names the project's folder, below `target`
 */
export async function installedProject(addon, name) {
  const folder = path.join(root, "target", name);
  const tarballs = await packPackages(addon, path.join(folder, "tarballs"));
  const hash = await hashOf(tarballs);
  const marker = path.join(folder, "installed");
  const installed = await fs.readFile(marker, "utf8").catch(() => "");
  if (installed === hash) return folder;
  await fs.remove(marker);
  await fs.remove(path.join(folder, "node_modules"));
  await fs.writeJson(path.join(folder, "package.json"), { private: true, type: "module" });
  const run = $({ cwd: folder, quiet: true });
  await run`npm install --no-audit --no-fund --no-package-lock --ignore-scripts ${tarballs}`;
  await fs.writeFile(marker, hash);
  return folder;
}
