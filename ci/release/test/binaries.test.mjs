// Small libraries in C, right for their targets or wrong in one thing: the gate lets the first pass, and
// names the thing of the others.
import { afterAll, beforeAll, expect, it } from "vitest";
import { $, fs, path } from "zx";
import { root } from "../../paths.mjs";
import { binaryProblems } from "../gate/binaries.mjs";
import { findTarget, targets } from "../targets.mjs";
import { pythonTools } from "../tools.mjs";

const work = path.join(root, "target", "release-binaries");
afterAll(() => fs.remove(work));

const SOURCE = `
#include <stdlib.h>
void *napi_register_module_v1(void *env, void *exports) { return getenv("HOME") ? exports : env; }
`;
const GETRANDOM = `
#include <sys/random.h>
static char byte[1];
void *napi_register_module_v1(void *env, void *exports) { return getrandom(byte, 1, 0) ? exports : env; }
`;
const GNU = "x86_64-linux-gnu.2.17";

// zig builds the start-up code of a libc when it is first asked for that.
const LIMIT = 300_000;

let python;
beforeAll(async () => {
  python = path.join(await pythonTools(), "python");
}, LIMIT);

/** As an assembler file without a note of it does; zig's linker cannot be told to. */
async function letTheStackBeExecuted(file) {
  const bytes = await fs.readFile(file);
  const stack = Buffer.alloc(4);
  stack.writeUInt32LE(0x6474e551);
  const flags = bytes.indexOf(stack) + 4;
  bytes.writeUInt32LE(bytes.readUInt32LE(flags) | 1, flags);
  await fs.writeFile(file, bytes);
}

/** What the gate says of a library for `zig`'s target, as the addon of ours. */
async function problemsOf(name, zig, { source = SOURCE, flags = ["-s"], change } = {}) {
  const target = findTarget(name);
  const folder = path.join(work, target.packageName);
  await fs.emptyDir(folder);
  const code = path.join(work, "addon.c");
  await fs.writeFile(code, source);
  const file = path.join(folder, target.file);
  // Without optimisation zig adds checks, which name the source.
  const common = ["-O2", "-Wl,-z,now", ...flags];
  await $({
    quiet: true,
  })`${python} -m ziglang cc -target ${zig} -shared ${common} -o ${file} ${code}`;
  if (change !== undefined) await change(file);
  const { size } = await fs.stat(file);
  return binaryProblems({ packages: [{ name: target.packageName, folder, size }], targets });
}

it.each([
  ["linux-x64-gnu", GNU],
  ["linux-arm64-gnu", "aarch64-linux-gnu.2.17"],
  ["linux-x64-musl", "x86_64-linux-musl"],
])(
  "a library for %s passes",
  async (name, zig) => {
    expect(await problemsOf(name, zig)).toEqual([]);
  },
  LIMIT,
);

it.each([
  ["a newer glibc", { source: GETRANDOM }, "x86_64-linux-gnu.2.28", "it needs glibc 2.25"],
  ["symbols for a debugger", { flags: [] }, GNU, "it is not stripped"],
  [
    "another export",
    { source: `${SOURCE}int helper(void) { return 1; }` },
    GNU,
    "it exports helper",
  ],
  ["a search path", { flags: ["-s", "-Wl,-rpath,/opt/lib"] }, GNU, "it has search paths: "],
  [
    "a stack that can be executed",
    { change: letTheStackBeExecuted },
    GNU,
    "it is not so that the stack cannot be executed",
  ],
  [
    "relocations that can be written",
    { flags: ["-s", "-Wl,-z,norelro"] },
    GNU,
    "it is not so that relocations are read-only",
  ],
  [
    "no entry",
    { source: "int nothing(void) { return 1; }" },
    GNU,
    "it has no napi_register_module_v1",
  ],
  ["musl for glibc", {}, "x86_64-linux-musl", "it asks for no glibc"],
  ["another processor", {}, "aarch64-linux-gnu.2.17", "it is for arm64"],
])(
  "a library with %s is refused",
  async (_what, options, zig, refusal) => {
    const problems = await problemsOf("linux-x64-gnu", zig, options);
    expect(problems.filter((problem) => problem.includes(refusal))).toHaveLength(1);
  },
  LIMIT,
);
