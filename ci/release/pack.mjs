// Packs a release: what `npm publish` sends, byte for byte.
import { fs, glob, path } from "zx";
import { root } from "../paths.mjs";
import { compileForAddon } from "../typescript.mjs";
import { pack, stageCreator, stageLoader, stageSdk, stageTarget } from "./staging.mjs";
import { targets } from "./targets.mjs";

/** Where a release is kept: `tarballs`, the bill of materials, the sums. */
export const releaseDir = path.join(root, "target", "release-packages");

/** The targets whose addons are in the folder, with their files. */
export async function addonsIn(folder) {
  const found = [];
  for (const target of targets) {
    const [file] = await glob(`**/${target.file}`, { cwd: folder, absolute: true });
    if (file !== undefined) found.push({ target, file });
  }
  return found;
}

/**
 * Packs the tree with these addons. The packages of addons come first: whoever installs the others
 * in the moment of a release finds them.
 */
export async function packRelease(addons) {
  await compileForAddon();
  const staged = path.join(releaseDir, "staged");
  const into = path.join(releaseDir, "tarballs");
  await fs.emptyDir(releaseDir);
  const tarballs = [];
  for (const { target, file } of addons) {
    tarballs.push(await pack(await stageTarget(staged, target, file), into));
  }
  tarballs.push(await pack(await stageLoader(staged, targets), into));
  tarballs.push(await pack(await stageSdk(staged), into));
  tarballs.push(await pack(await stageCreator(staged), into));
  return tarballs;
}
