// What a machine must have to build from a clone, and what to do where it has not.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./paths.mjs";

const OLDEST_NODE = [20, 17, 0];

const windows = process.platform === "win32";
const packages = {
  linux: (names) => `install it: apt-get install ${names} (or your distribution's equivalent)`,
  darwin: () => "install it: xcode-select --install",
  win32: () =>
    "install the Visual Studio Build Tools with the C++ workload, and Strawberry Perl, from their sites",
};

function versionOf(tool, ...args) {
  const { status, stdout } = spawnSync(tool, args, {
    cwd: root,
    encoding: "utf8",
    shell: windows,
  });
  return status === 0 ? stdout : undefined;
}

function isOlder(version, oldest) {
  const parts = version
    .match(/\d+(\.\d+)*/)?.[0]
    .split(".")
    .map(Number) ?? [0];
  for (let part = 0; part < 3; part++) {
    const difference = (parts[part] ?? 0) - (oldest[part] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** A line for each tool that is missing or too old, with what to do about it. */
export function missingTools() {
  const missing = [];
  if (isOlder(process.versions.node, OLDEST_NODE)) {
    missing.push(
      `Node ${process.versions.node} is too old to build with: ${OLDEST_NODE.join(".")} or later is needed. ` +
        "See https://nodejs.org/en/download (the built SDK runs on Node 18 and later).",
    );
  }

  const manifest = readFileSync(path.join(root, "Cargo.toml"), "utf8");
  const oldestRust = /rust-version = "([\d.]+)"/.exec(manifest)?.[1] ?? "0";
  const cargo = versionOf("cargo", "--version");
  const rustUp = "See https://rustup.rs; with rustup: rustup toolchain install";
  if (cargo === undefined) {
    missing.push(`Rust (cargo) is missing, or its toolchain is not installed. ${rustUp}`);
  } else if (isOlder(cargo, oldestRust.split(".").map(Number))) {
    missing.push(`${cargo.trim()} is too old: ${oldestRust} or later is needed. ${rustUp}`);
  }

  // ring and aws-lc compile C; OpenSSL, which the core brings as source, is configured with Perl
  // and built with make.
  const advise = packages[process.platform] ?? packages.linux;
  const compiler = process.env.CC ?? "cc";
  if (!windows && versionOf(compiler, "--version") === undefined) {
    missing.push(`A C compiler (${compiler}) is missing: ${advise("gcc libc6-dev")}`);
  }
  if (!windows && versionOf("make", "--version") === undefined) {
    missing.push(`make is missing: ${advise("make")}`);
  }
  if (versionOf("perl", "-v") === undefined) missing.push(`Perl is missing: ${advise("perl")}`);
  return missing;
}
