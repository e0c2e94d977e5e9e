// Builds the addon from source, where no prebuilt one fits.
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { missingTools } from "./build-tools.js";
import { libc } from "./libc.js";
import { builtFile } from "./loader.js";

const LIBRARY = {
  darwin: "librunar_js_ffi.dylib",
  win32: "runar_js_ffi.dll",
};

const isMusl = () => process.platform === "linux" && libc() === "musl";

/** The environment of cargo: no folder of this build in the binary, and no symbols. */
function cargoEnv(env, sources, targetDir) {
  const flags = [`--remap-path-prefix=${targetDir}=target`, `--remap-path-prefix=${sources}=rust`];
  // Else a library for musl cannot be loaded by a program.
  if (isMusl()) flags.push("-Ctarget-feature=-crt-static");
  return {
    ...env,
    CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
    CARGO_PROFILE_RELEASE_STRIP: "symbols",
  };
}

/** How many crates a build compiles: 0 when cargo cannot tell, which the build itself then explains. */
function countCrates(sources, env) {
  const args = ["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--no-dedupe"];
  const { status, stdout } = spawnSync("cargo", [...args, "--package", "runar-js-ffi"], {
    cwd: sources,
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) return 0;
  const lines = stdout.split("\n").filter((line) => line !== "");
  return new Set(lines.map((line) => line.split(" (")[0])).size;
}

/** Says how far a build is: at each tenth, since npm may keep a line for each crate. */
function progress(total) {
  const began = Date.now();
  const names = new Set();
  let told = 0;
  return (id) => {
    names.add(id);
    const tenth = Math.min(9, Math.floor((10 * names.size) / total));
    if (total === 0 || tenth <= told) return;
    told = tenth;
    const seconds = Math.round((Date.now() - began) / 1000);
    console.error(`runar-ts-ffi: ${names.size} of ${total} crates, ${seconds} s`);
  };
}

/** Runs cargo to its end, or until the signal. */
function runCargo(sources, env, targetDir, signal) {
  const tell = progress(countCrates(sources, env));
  const args = ["build", "--release", "--locked", "--package", "runar-js-ffi"];
  const cargo = spawn(
    "cargo",
    [...args, "--target-dir", targetDir, "--message-format", "json-render-diagnostics"],
    { cwd: sources, env, stdio: ["ignore", "pipe", "pipe"], signal },
  );
  let line = "";
  let said = "";
  cargo.stdout.setEncoding("utf8").on("data", (chunk) => {
    const lines = (line + chunk).split("\n");
    line = lines.pop();
    for (const one of lines.filter((text) => text.startsWith("{"))) {
      const { reason, package_id: id } = JSON.parse(one);
      if (reason === "compiler-artifact") tell(id);
    }
  });
  cargo.stderr.setEncoding("utf8").on("data", (chunk) => {
    said = (said + chunk).slice(-20_000);
  });
  return new Promise((resolve, reject) => {
    let failed;
    cargo.on("error", (error) => {
      failed = signal.aborted ? new Error("The build was interrupted.") : error;
    });
    // Only now does nobody write into its folder any more.
    cargo.on("close", (code) => {
      if (code === 0) resolve();
      else reject(failed ?? new Error(explain(said)));
    });
  });
}

const OFFLINE =
  /failed to (download|fetch|query|get)|Could(n't| not) resolve|network failure|Connection refused|offline/i;

/** What cargo said, and what helps when a reason is known. */
function explain(said) {
  const lines = said
    .split("\n")
    .filter((line) => !/^\s*(Compiling|Downloaded|Locking) /.test(line));
  const tail = lines.slice(-40).join("\n").trim();
  if (!OFFLINE.test(said)) return `cargo said:\n${tail}`;
  return (
    "cargo could not fetch the crates that the addon is made of: it needs the network.\n" +
    "What you can do:\n" +
    "  Tell cargo of your proxy, or of a mirror (source replacement in ~/.cargo/config.toml):\n" +
    "    CARGO_HTTP_PROXY=http://proxy.example:3128 npm rebuild runar-ts-ffi --foreground-scripts\n" +
    "  Or bring an addon from a machine that has the network:\n" +
    "    RUNAR_TS_FFI_PATH=/path/to/runar-ts-ffi.node\n" +
    `cargo said:\n${tail}`
  );
}

/** Loads an addon in a process of its own, by the loader and its rules. */
function tryAddon(file) {
  const loader = new URL("./loader.js", import.meta.url).href;
  const program = `import(${JSON.stringify(loader)}).then(({ load }) => load()).catch((error) => { console.error(error.message); process.exitCode = 1; })`;
  const { status, stderr } = spawnSync(process.execPath, ["-e", program], {
    env: { ...process.env, RUNAR_TS_FFI_PATH: file },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The addon was built, but cannot be loaded:\n${stderr}`);
}

/**
 * Builds the addon into the folder of the package. It is there whole or not at all: it is built
 * elsewhere, loaded once, and then renamed.
 *
 * @throws an Error that says what is missing, or what cargo said
 */
export async function buildAddon(sources, env) {
  const missing = missingTools(sources, env);
  if (missing.length > 0) throw new Error(`Something is missing:\n${missing.join("\n")}`);
  const targetDir = mkdtempSync(path.join(os.tmpdir(), "runar-ts-ffi-"));
  const file = builtFile();
  const unfinished = path.join(path.dirname(file), `.unfinished-${process.pid}.node`);
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    console.error("runar-ts-ffi: a build takes 5 to 15 minutes");
    await runCargo(sources, cargoEnv(env, sources, targetDir), targetDir, abort.signal);
    const library = LIBRARY[process.platform] ?? "librunar_js_ffi.so";
    copyFileSync(path.join(targetDir, "release", library), unfinished);
    tryAddon(unfinished);
    renameSync(unfinished, file);
    console.error(`runar-ts-ffi: built ${file}`);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    rmSync(unfinished, { force: true });
    rmSync(targetDir, { recursive: true, force: true });
  }
}
