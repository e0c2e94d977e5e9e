// Runtimes from their npm packages, kept outside the tree.
import { $, fs, path } from "zx";
import { shortRuntimes } from "../compat/runner/runtimes.mjs";
import { cache } from "./paths.mjs";

const installed = path.join(cache, "runtimes");

/** The npm package that carries a runtime for this machine, and the program in it. */
export function packageOf(kind) {
  const { platform, arch } = process;
  if (kind === "node") {
    const system = platform === "win32" ? "win" : platform;
    return {
      name: `node-${system}-${arch}`,
      program: platform === "win32" ? "bin/node.exe" : "bin/node",
    };
  }
  const system = platform === "win32" ? "windows" : platform;
  const cpu = arch === "arm64" ? "aarch64" : arch;
  return {
    name: `@oven/bun-${system}-${cpu}`,
    program: platform === "win32" ? "bin/bun.exe" : "bin/bun",
  };
}

/** Installs a runtime unless it is there; returns its program. */
export async function installRuntime(kind, version) {
  const { name, program } = packageOf(kind);
  const folder = path.join(installed, `${kind}-${version}`);
  const file = path.join(folder, "node_modules", name, program);
  if (!(await fs.pathExists(file))) {
    await fs.ensureDir(folder);
    await $({
      quiet: true,
    })`npm install --prefix ${folder} --no-audit --no-fund --ignore-scripts --force ${name}@${version}`;
  }
  // What a program says of itself, so that no other runtime passes for it.
  const { stdout } = await $({ quiet: true })`${file} --version`;
  if (stdout.trim().replace(/^v/, "") !== version) {
    throw new Error(`${name}@${version} says that it is ${stdout.trim()}`);
  }
  return file;
}

/** Whether a runtime has a package for this machine: Bun has had one for Windows since 1.1. */
export function isPublishedHere({ kind, version }) {
  return !(kind === "bun" && process.platform === "win32" && /^1\.0\./.test(version));
}

/** The runtimes of the short form of the conformance suite that this machine can have. */
export const shortRuntimesHere = shortRuntimes.filter(isPublishedHere);

/** The newest version of a runtime that is published. */
export async function newestRuntime(kind) {
  const { stdout } = await $({ quiet: true })`npm view ${packageOf(kind).name} version`;
  return { kind, version: stdout.trim() };
}
