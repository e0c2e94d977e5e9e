// Builds the addon of one target as it is published.
import os from "node:os";
import { $, chalk, fs, path } from "zx";
import { root } from "../paths.mjs";
import { GLIBC_FLOOR } from "./targets.mjs";
import { pythonTools } from "./tools.mjs";

/** Where the addons of a release are kept, a folder for each target. */
export const addonsDir = path.join(root, "target", "release-addons");
const distDir = path.join(root, "target", "dist");

/** Why a target cannot be built on this machine: `undefined` when it can. */
export function whyNotHere({ os: system }, host = process.platform) {
  if (system === host) return undefined;
  const needs = {
    darwin: "Apple's SDK, which comes with macOS alone",
    win32: "Microsoft's C++ build tools, which come with Windows alone",
    linux: "a Linux machine: nothing else has been tried",
  };
  return `it needs ${needs[system]}`;
}

/** The standard library of the target, which rustup alone can fetch. */
async function ensureStandardLibrary(triple) {
  const { stdout } = await $({
    cwd: root,
    quiet: true,
  })`rustc --print target-libdir --target ${triple}`;
  if (await fs.pathExists(stdout.trim())) return;
  await $({ cwd: root, stdio: "inherit" })`rustup target add ${triple}`;
}

/**
 * Where the sources of the standard library are on this machine, if they are, and what they are called
 * where they are not: the compiler names them in what it makes of generic code.
 */
async function standardSources() {
  const run = $({ cwd: root, quiet: true });
  const [sysroot, version] = [await run`rustc --print sysroot`, await run`rustc -vV`];
  const [, commit] = /^commit-hash: (.+)$/m.exec(version.stdout);
  return [path.join(sysroot.stdout.trim(), "lib", "rustlib", "src", "rust"), `/rustc/${commit}`];
}

/**
 * What keeps the folders of this machine out of the binary, and makes its bytes the same in another
 * folder: paths in messages of Rust and of C, where OpenSSL would look for modules, and times.
 */
async function neutral(triple) {
  const cargoHome = process.env.CARGO_HOME ?? path.join(os.homedir(), ".cargo");
  const registries = path.join(cargoHome, "registry", "src");
  const sources = (await fs.readdir(registries).catch(() => [])).map((name) => [
    path.join(registries, name),
    "crates",
  ]);
  // The last that fits is taken.
  const prefixes = [[cargoHome, "cargo"], [root, "runar-ts"], [distDir, "target"], ...sources];
  const rustPrefixes = [...prefixes, await standardSources()];
  const remap = rustPrefixes.map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  const fileMap = prefixes.map(([from, to]) => `-ffile-prefix-map=${from}=${to}`);
  const { stdout } = await $({ cwd: root, quiet: true })`git log -1 --format=%ct`;
  const musl = triple.endsWith("musl");
  return {
    // A musl addon is loaded by a musl that is there already.
    CARGO_ENCODED_RUSTFLAGS: [...remap, ...(musl ? ["-Ctarget-feature=-crt-static"] : [])].join(
      "\x1f",
    ),
    ...(triple.includes("msvc")
      ? {}
      : { [`CFLAGS_${triple.replaceAll("-", "_")}`]: fileMap.join(" ") }),
    SOURCE_DATE_EPOCH: stdout.trim(),
  };
}

/** Where cargo leaves the library. */
function libraryName({ os: system }) {
  if (system === "win32") return "runar_js_ffi.dll";
  return system === "darwin" ? "librunar_js_ffi.dylib" : "librunar_js_ffi.so";
}

/** Where Homebrew keeps the make that reads GNUMAKEFLAGS: Apple's is too old for it. */
const GNU_MAKE = ["/opt/homebrew/opt/make/libexec/gnubin", "/usr/local/opt/make/libexec/gnubin"];

/** Cargo with what it needs for the target: zig's C compiler and linker on Linux. */
async function cargoFor(target) {
  if (target.os !== "linux") {
    const PATH = [...GNU_MAKE, process.env.PATH].join(path.delimiter);
    return {
      program: ["cargo"],
      triple: target.triple,
      env: target.os === "darwin" ? { PATH } : {},
    };
  }
  const bin = await pythonTools();
  const suffix = target.libc === "glibc" ? `.${GLIBC_FLOOR}` : "";
  return {
    program: [path.join(bin, "cargo-zigbuild")],
    triple: `${target.triple}${suffix}`,
    env: { PATH: `${bin}${path.delimiter}${process.env.PATH}` },
  };
}

/** Builds for a target; returns the library that cargo leaves. */
async function build(target, features, compilerArgs) {
  const reason = whyNotHere(target);
  if (reason !== undefined) throw new Error(`${target.triple} cannot be built here: ${reason}`);
  await ensureStandardLibrary(target.triple);
  const { program, triple, env } = await cargoFor(target);
  console.log(
    chalk.yellow(`Building ${target.triple}: 10 minutes or more when it is the first time.`),
  );
  const options = ["--locked", "--profile", "dist", "--package", "runar-js-ffi", ...features];
  const where = ["--target", triple, "--target-dir", distDir];
  await $({
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env, ...(await neutral(target.triple)) },
  })`${program} rustc ${options} ${where} -- ${compilerArgs}`;
  return path.join(distDir, target.triple, "dist", libraryName(target));
}

/**
 * Builds the addon for a target, optimised as a whole; returns its file.
 *
 * @param folder where it is put, in a folder of its own
 * @throws an Error that says why, when this machine cannot build it
 */
export async function buildForTarget(target, { features = [], folder = addonsDir } = {}) {
  const built = await build(target, features, []);
  const file = path.join(folder, target.platform, target.file);
  await fs.ensureDir(path.dirname(file));
  await fs.copy(built, file);
  return file;
}

/**
 * Builds the same, with the names of all that is in it; returns its file, and the folder of what the
 * build scripts have built.
 */
export async function buildWithSymbols(target, features) {
  const addon = await build(target, features, ["-C", "strip=none"]);
  return { addon, scripts: path.join(path.dirname(addon), "build") };
}
