// Runs the addons of other Linux targets, under qemu, in a runtime of that target.
import { $, fs, path } from "zx";
import { root } from "../paths.mjs";
import { fetchRuntime, shortRuntimesHere } from "../runtimes.mjs";
import { emptyProject, firstCallProgram, readmeExample } from "./installs.mjs";

/** A folder for a target, with its C library and libstdc++ as they are below `/` there. */
const SYSROOTS = path.join(root, "target", "sysroots");
/** Where Debian's package libstdc++6-arm64-cross puts them. */
const DEBIAN = { "linux-arm64-gnu": "/usr/aarch64-linux-gnu" };
const EMULATORS = { x64: "qemu-x86_64-static", arm64: "qemu-aarch64-static" };

/** Node has no package for musl. */
const KINDS = { glibc: "node", musl: "bun" };

async function sysrootOf({ platform }) {
  const candidates = [path.join(SYSROOTS, platform), DEBIAN[platform]];
  for (const folder of candidates) if (folder && (await fs.pathExists(folder))) return folder;
  throw new Error(`there is no target/sysroots/${platform} with its C library and libstdc++`);
}

async function emulatorOf({ os, cpu }) {
  if (os !== "linux") throw new Error(`nothing here runs programs of ${os}`);
  const name = EMULATORS[cpu];
  const { exitCode } = await $({ quiet: true, nothrow: true })`${name} --version`;
  if (exitCode !== 0) throw new Error(`${name} is missing (apt-get install qemu-user-static)`);
  return name;
}

/** What runs a program of a target here; throws an Error that says what is missing for that. */
async function runnerOf(target) {
  const emulator = await emulatorOf(target);
  const sysroot = await sysrootOf(target);
  const kind = KINDS[target.libc];
  const { version } = shortRuntimesHere.filter((runtime) => runtime.kind === kind).at(-1);
  const program = await fetchRuntime(kind, version, target);
  // Where the machine has a musl of its own, that tells the other where libraries are.
  const libraries = `LD_LIBRARY_PATH=${sysroot}/usr/lib:${sysroot}/lib`;
  const command = [emulator, "-L", sysroot, "-E", libraries, program];
  return { runtime: `${kind} ${version}`, command };
}

async function run({ runtime, command }, { cpu, libc }, registry, folder) {
  const { compiled, output: expected } = await readmeExample();
  await emptyProject(folder, registry);
  const cli = $({ cwd: folder, quiet: true, timeout: "600s" });
  const machine = ["--os", "linux", "--cpu", cpu, "--libc", libc];
  await cli`npm install --no-audit --no-fund --ignore-scripts ${machine} runar-ts`;
  await fs.writeFile(path.join(folder, "example.mjs"), compiled);
  await fs.copy(firstCallProgram, path.join(folder, "first-call.mjs"));
  const { stdout } = await cli`${command} example.mjs`;
  if (stdout !== expected) throw new Error(`the example printed\n${stdout}`);
  const firstCall = Number((await cli`${command} first-call.mjs`).stdout);
  return { runtime, firstCall };
}

/**
 * Installs and runs, as far as this machine can, the packages of targets.
 *
 * @returns for each target, what came of it: `firstCall` in milliseconds, or `reason` why it was not run
 */
export async function tryEmulated(targets, registry, folder, tell) {
  const results = new Map();
  for (const target of targets) {
    const runner = await runnerOf(target).catch((error) => ({ reason: error.message }));
    if (runner.reason !== undefined) {
      tell(`${target.triple}: not run: ${runner.reason}`);
      results.set(target, runner);
      continue;
    }
    results.set(target, await run(runner, target, registry, path.join(folder, target.platform)));
    tell(`${target.triple}: the example runs on ${runner.runtime}, emulated`);
  }
  return results;
}
