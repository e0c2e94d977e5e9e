// Tarballs, opened.
import { $, fs, glob, path } from "zx";

/** Unpacks tarballs into a folder, each into one of its own. */
export async function openTarballs(files, into) {
  await fs.emptyDir(into);
  const opened = [];
  for (const file of files) {
    const folder = path.join(into, path.basename(file, ".tgz"));
    await fs.ensureDir(folder);
    await $({
      quiet: true,
    })`tar --extract --gzip --file ${file} --directory ${folder} --strip-components 1`;
    const manifest = await fs.readJson(path.join(folder, "package.json"));
    const names = await glob("**", { cwd: folder, dot: true, gitignore: false, ignore: [] });
    const { size } = await fs.stat(file);
    opened.push({ file, folder, manifest, name: manifest.name, names: names.sort(), size });
  }
  return opened;
}

/** All tarballs of a folder. */
export async function tarballsIn(folder) {
  return (await glob("*.tgz", { cwd: folder, absolute: true })).sort();
}
