// What would be published, packed: the SDK, the loader, and the package of one addon; and a project
// that has them installed as a user has.
import { createHash } from "node:crypto";
import { $, fs, glob, path } from "zx";
import { root } from "./paths.mjs";
import { withRegistry } from "./release/registry.mjs";
import { pack, stageLoader, stageSdk, stageTarget } from "./release/staging.mjs";
import { findTarget, hostTarget, targets } from "./release/targets.mjs";
import { compileForAddon, compileTypeScript } from "./typescript.mjs";

/** The addon to pack: the one that is given, or the tree's own. Compiles the TypeScript beside it. */
export async function addonToPack(given) {
  if (given !== undefined) {
    await compileForAddon();
    return path.resolve(given);
  }
  await compileTypeScript();
  const [built] = await glob(path.join(root, "crates", "ffi", "*.node"));
  return built;
}

/** How napi-rs names an addon: with the name of its platform. */
const ADDON = /^runar-ts-ffi\.(?<platform>[\w-]+)\.node$/;

/** The target that an addon is for, by its name. */
export function targetOfAddon(addon) {
  const { platform } = ADDON.exec(path.basename(addon))?.groups ?? {};
  if (platform === undefined) {
    throw new Error(
      `${addon}: an addon is named runar-ts-ffi.<platform>.node, as the build names it`,
    );
  }
  return findTarget(platform);
}

/** Packs, below a folder, what a user of this addon's platform installs; returns the tarballs. */
export async function packPackages(addon, folder) {
  const staged = path.join(folder, "staged");
  const target = targetOfAddon(addon);
  const folders = [
    await stageSdk(staged),
    await stageLoader(staged, targets),
    await stageTarget(staged, target, addon),
  ];
  const tarballs = path.join(folder, "tarballs");
  await fs.emptyDir(tarballs);
  const packed = [];
  for (const one of folders) packed.push(await pack(one, tarballs));
  return packed;
}

/** A hash of the contents of files. */
async function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(await fs.readFile(file));
  return hash.digest("hex");
}

/** Installs tarballs into an empty project, unless that very content is installed there. */
export async function installTarballs(tarballs, folder) {
  const hash = await hashOf(tarballs);
  const marker = path.join(folder, "installed");
  const installed = await fs.readFile(marker, "utf8").catch(() => "");
  if (installed === hash) return folder;
  await fs.remove(marker);
  await fs.remove(path.join(folder, "node_modules"));
  await fs.ensureDir(folder);
  await fs.writeJson(path.join(folder, "package.json"), { private: true, type: "module" });
  // It answers for the addons of other targets, which nobody has published.
  const options = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"];
  const run = $({ cwd: folder, quiet: true });
  await withRegistry((url) => run`npm install --registry ${url} ${options} ${tarballs}`);
  await fs.writeFile(marker, hash);
  return folder;
}

/**
 * Packs the tree with an addon, and installs that.
 *
 * @param name names the project's folder, below `target`
 */
export async function installedProject(addon, name) {
  const folder = path.join(root, "target", name);
  return installTarballs(await packPackages(addon, folder), folder);
}

/** Installs the packed packages of a folder that are for this machine. */
export async function installedPackages(tarballs, name) {
  const { packageName } = await hostTarget();
  const wanted = ["runar-ts", "runar-ts-ffi", packageName];
  const files = await Promise.all(
    wanted.map(async (one) => {
      const [file] = await glob(`${one}-[0-9]*.tgz`, { cwd: tarballs, absolute: true });
      if (file === undefined) throw new Error(`${tarballs}: there is no package ${one}`);
      return file;
    }),
  );
  return installTarballs(files, path.join(root, "target", name));
}
