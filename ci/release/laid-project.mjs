// A project with the loader and an addon in it, as an install leaves them, but made in no time.
import { fs, path } from "zx";
import { stageLoader } from "./staging.mjs";
import { targets } from "./targets.mjs";

/** Returns the folders, and the file of the addon. */
export async function layProject(folder, addon, target) {
  await fs.emptyDir(folder);
  const modules = path.join(folder, "node_modules");
  const ffi = await stageLoader(modules, targets);
  const laid = path.join(modules, target.packageName, target.file);
  await fs.copy(addon, laid);
  const manifest = { name: target.packageName, main: target.file };
  await fs.writeJson(path.join(modules, target.packageName, "package.json"), manifest);
  return { folder, ffi, addon: laid };
}

/** A folder with nothing but these shell scripts in it, for PATH. */
export async function programsIn(folder, programs) {
  const bin = path.join(folder, "bin");
  await fs.emptyDir(bin);
  for (const [name, text] of Object.entries(programs)) {
    await fs.writeFile(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  return bin;
}
