// What a build from source needs, and how to get what is missing.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** How the common systems install a package: Debian and Ubuntu, Fedora, Alpine; macOS; Windows. */
const INSTALL = {
  linux: ({ everywhere, apt, dnf, apk }) =>
    everywhere
      ? [everywhere]
      : [
          `apt-get install ${apt}    # Debian, Ubuntu`,
          `dnf install ${dnf}    # Fedora, RHEL`,
          `apk add ${apk}    # Alpine`,
        ],
  darwin: ({ mac }) => [mac],
  win32: ({ windows }) => [windows],
};

const RUSTUP = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh";

const RUST = { everywhere: RUSTUP, mac: RUSTUP, windows: "winget install Rustlang.Rustup" };

const COMPILER = {
  apt: "gcc libc6-dev",
  dnf: "gcc glibc-devel",
  apk: "gcc musl-dev linux-headers",
  mac: "xcode-select --install",
  windows:
    'winget install Microsoft.VisualStudio.2022.BuildTools --override "--add Microsoft.VisualStudio.Workload.VCTools"',
};

const MAKE = { apt: "make", dnf: "make", apk: "make", mac: "xcode-select --install" };

const PERL = {
  apt: "perl",
  dnf: "perl-core",
  apk: "perl",
  mac: "xcode-select --install",
  windows: "winget install StrawberryPerl.StrawberryPerl",
};

/** What OpenSSL's build loads, and some systems leave out of their `perl`. */
const PERL_MODULES = ["FindBin", "IPC::Cmd", "File::Compare", "File::Copy"];

function tell(what, how) {
  const commands = (INSTALL[process.platform] ?? INSTALL.linux)(how);
  return [`  ${what}`, ...commands.map((command) => `    ${command}`)].join("\n");
}

const isOlder = (version, oldest) => {
  const parts = (text) => text.split(".").map(Number);
  const [a, b] = [parts(version), parts(oldest)];
  const at = b.findIndex((part, index) => (a[index] ?? 0) !== part);
  return at !== -1 && (a[at] ?? 0) < b[at];
};

/** A paragraph for each thing that is missing; empty when the build can begin. */
export function missingTools(sources, env) {
  const windows = process.platform === "win32";
  const run = (tool, ...args) => {
    const { status, stdout } = spawnSync(tool, args, { cwd: sources, env, encoding: "utf8" });
    return status === 0 ? stdout : undefined;
  };
  const missing = [];

  const manifest = readFileSync(path.join(sources, "Cargo.toml"), "utf8");
  const oldest = /rust-version = "([\d.]+)"/.exec(manifest)?.[1] ?? "0";
  const [, version] = /cargo (\d+\.\d+\.\d+)/.exec(run("cargo", "--version") ?? "") ?? [];
  if (version === undefined) {
    missing.push(tell(`Rust (cargo), ${oldest} or later`, RUST));
  } else if (isOlder(version, oldest)) {
    missing.push(
      `  Rust ${version} is too old; ${oldest} or later is needed\n    rustup update stable`,
    );
  }
  // ring, aws-lc, SQLite and OpenSSL are written in C; Windows' compiler is found by the crates.
  const compiler = env.CC ?? "cc";
  if (!windows && run(compiler, "--version") === undefined) {
    missing.push(tell(`A C compiler (${compiler})`, COMPILER));
  }
  if (!windows && run("make", "--version") === undefined) missing.push(tell("make", MAKE));
  if (run("perl", ...PERL_MODULES.map((name) => `-M${name}`), "-e", "1") === undefined) {
    missing.push(tell(`Perl with ${PERL_MODULES.join(", ")}, for OpenSSL`, PERL));
  }
  return missing;
}
