// The tools of a release that the project itself does not need, in folders of their own: from PyPI at the
// versions of tools/requirements.txt, from npm at those of tools/package-lock.json.
import { createRequire } from "node:module";
import { $, fs, path } from "zx";
import { installDependencies } from "../dependencies.mjs";
import { root } from "../paths.mjs";

const list = path.join(root, "ci", "release", "tools", "requirements.txt");
const folder = path.join(root, "target", "tools");
const bin = path.join(folder, process.platform === "win32" ? "Scripts" : "bin");
const marker = path.join(folder, "installed.txt");

/** Installs the tools unless they are there; returns the folder of their programs. */
export async function pythonTools() {
  const wanted = await fs.readFile(list, "utf8");
  const installed = await fs.readFile(marker, "utf8").catch(() => "");
  if (installed === wanted) return bin;
  const python = process.platform === "win32" ? "python" : "python3";
  await fs.remove(folder);
  try {
    await $({ quiet: true })`${python} -m venv ${folder}`;
  } catch (error) {
    throw new Error(
      `The tools of a release need Python 3.9 or later with its module venv (apt-get install python3-venv):\n${error.stderr}`,
    );
  }
  await $({
    quiet: true,
  })`${path.join(bin, "python")} -m pip install --quiet --requirement ${list}`;
  await fs.writeFile(marker, wanted);
  return bin;
}

const npmFolder = path.join(root, "ci", "release", "tools");

/** A program of the tools from npm. */
export function releaseTool(name) {
  installDependencies(npmFolder);
  return path.join(npmFolder, "node_modules", ".bin", name);
}

/** A module of the tools from npm. */
export function releaseModule(name) {
  installDependencies(npmFolder);
  return createRequire(path.join(npmFolder, "package.json"))(name);
}
