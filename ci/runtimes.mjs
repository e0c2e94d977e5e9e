// Runtimes from their npm packages, kept outside the tree.
import { $, fs, path } from "zx";
import { shortRuntimes } from "../compat/runner/runtimes.mjs";
import { cache } from "./paths.mjs";

const installed = path.join(cache, "runtimes");

const here = { os: process.platform, cpu: process.arch };

/** The npm package that carries a runtime for a machine, by default this one, and the program in it. */
export function packageOf(kind, { os, cpu, libc } = here) {
  if (kind === "node") {
    return {
      name: `node-${os === "win32" ? "win" : os}-${cpu}`,
      program: os === "win32" ? "bin/node.exe" : "bin/node",
    };
  }
  const system = os === "win32" ? "windows" : os;
  const processor = cpu === "arm64" ? "aarch64" : cpu;
  return {
    name: `@oven/bun-${system}-${processor}${libc === "musl" ? "-musl" : ""}`,
    program: os === "win32" ? "bin/bun.exe" : "bin/bun",
  };
}

/** Brings a runtime for a machine unless it is there; returns its program. */
export async function fetchRuntime(kind, version, machine = here) {
  const { name, program } = packageOf(kind, machine);
  const folder = path.join(installed, `${kind}-${version}`);
  const file = path.join(folder, "node_modules", name, program);
  if (!(await fs.pathExists(file))) {
    await fs.ensureDir(folder);
    await $({
      quiet: true,
    })`npm install --prefix ${folder} --no-audit --no-fund --ignore-scripts --force ${name}@${version}`;
  }
  return file;
}

/** Brings a runtime for this machine, unless it is the one that runs this; returns its program. */
export async function installRuntime(kind, version) {
  if (kind === "node" && version === process.versions.node) return process.execPath;
  const file = await fetchRuntime(kind, version);
  // What a program says of itself, so that no other runtime passes for it.
  const { stdout } = await $({ quiet: true })`${file} --version`;
  if (stdout.trim().replace(/^v/, "") !== version) {
    throw new Error(`${packageOf(kind).name}@${version} says that it is ${stdout.trim()}`);
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
