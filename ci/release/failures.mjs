// Every way in which the addon can fail to load or to be built, provoked, and what a user then sees.
import { spawnSync } from "node:child_process";
import { build } from "esbuild";
import { fs, glob, path } from "zx";
import { root } from "../paths.mjs";
import { layProject, programsIn } from "./laid-project.mjs";
import { versionsIn } from "./versions.mjs";

const [{ version }] = versionsIn(root);

/** What stands for paths and numbers that are others elsewhere. */
function neutral(text, project) {
  return text
    .replaceAll(project, "<project>")
    .replaceAll(version, "<version>")
    .replace(/\/\S+\/(libc\.so\.6|libm\.so\.6): version/g, "/lib/$1: version")
    .replace(/Rust \d+\.\d+\.\d+ is/g, "Rust <version> is")
    .replace(/of at least \d+ bytes/g, "of at least <size> bytes")
    .trimEnd();
}

/** Replaces text by text of the same length, and the hash by which the linker looks it up. */
function relink(bytes, from, to) {
  const hash = (name) => {
    let value = 0;
    for (const code of Buffer.from(name)) {
      value = ((value << 4) + code) >>> 0;
      const high = value & 0xf0000000;
      value = (value ^ (high >>> 24) ^ high) >>> 0;
    }
    const written = Buffer.alloc(4);
    written.writeUInt32LE(value);
    return written;
  };
  Buffer.from(`${to}\0`).copy(bytes, bytes.indexOf(`${from}\0`));
  hash(to).copy(bytes, bytes.indexOf(hash(from)));
  return bytes;
}

/** Runs Node; returns what it wrote to the standard error stream. */
function run({ folder }, args, env = {}) {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, RUNAR_TS_FFI_PATH: "", ...env },
    encoding: "utf8",
  });
  if (status !== 1)
    throw new Error(`it did not end with 1, but ${status ?? "a signal"}:\n${stdout}${stderr}`);
  return stderr;
}

const LOAD =
  'import("runar-ts-ffi").then(({ load }) => load()).catch((error) => { console.error(error.message); process.exitCode = 1; })';
const loading = (project, env) => run(project, ["-e", LOAD], env);
const installing = (project, env) => run(project, [path.join(project.ffi, "install.js")], env);

/** `provoke` returns what is told; each works on a project of its own. */
export const FAILURES = [
  {
    title: "No prebuilt addon for this platform",
    provoke: (project) =>
      run(project, ["-e", `Object.defineProperty(process, "arch", { value: "riscv64" }); ${LOAD}`]),
  },
  {
    title: "The package with the addon is not installed",
    async provoke(project) {
      await fs.remove(path.dirname(project.addon));
      return loading(project);
    },
  },
  {
    title: "The addon is damaged",
    async provoke(project) {
      await fs.truncate(project.addon, 1_000_000);
      return loading(project);
    },
  },
  {
    title: "The addon is made for another system",
    async provoke(project) {
      const bytes = await fs.readFile(project.addon);
      bytes.writeUInt16LE(183, 18); // 64-bit ARM
      await fs.writeFile(project.addon, bytes);
      return loading(project);
    },
  },
  {
    title: "The system's glibc is too old",
    async provoke(project) {
      const bytes = await fs.readFile(project.addon);
      const [newest] = bytes
        .toString("latin1")
        .match(/GLIBC_2\.\d\d(?=\0)/g)
        .sort()
        .reverse();
      await fs.writeFile(project.addon, relink(bytes, newest, "GLIBC_9.99"));
      return loading(project);
    },
  },
  {
    title: "The addon is of another version",
    async provoke(project) {
      const file = path.join(project.ffi, "package.json");
      await fs.writeJson(file, { ...(await fs.readJson(file)), version: "9.9.9" });
      return loading(project);
    },
  },
  {
    title: "RUNAR_TS_FFI_PATH names no file",
    provoke: (project) => loading(project, { RUNAR_TS_FFI_PATH: "/nowhere/addon.node" }),
  },
  {
    title: "RUNAR_TS_FFI_PATH names an addon of something else",
    async provoke(project) {
      const [other] = await glob("node_modules/@rollup/*/*.node", { cwd: root, absolute: true });
      const file = path.join(project.folder, "other.node");
      await fs.copy(other, file);
      return loading(project, { RUNAR_TS_FFI_PATH: file });
    },
  },
  {
    title: "The loader was bundled",
    async provoke(project) {
      const entry = path.join(project.folder, "main.mjs");
      await fs.writeFile(entry, 'import { load } from "runar-ts-ffi";\nload();\n');
      const outfile = path.join(project.folder, "out", "bundle.mjs");
      await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm" });
      const [, told] = /^Error: ([\s\S]+?)\n {4}at /m.exec(run(project, [outfile]));
      return told;
    },
  },
  {
    title: "A build needs tools that are missing",
    async provoke(project) {
      await fs.remove(project.addon);
      return installing(project, { PATH: await programsIn(project.folder, {}) });
    },
  },
  {
    title: "A build needs a newer Rust",
    async provoke(project) {
      await fs.remove(project.addon);
      const bin = await programsIn(project.folder, { cargo: "echo cargo 1.60.0" });
      return installing(project, { PATH: `${bin}${path.delimiter}${process.env.PATH}` });
    },
  },
  {
    title: "A build needs the network",
    async provoke(project) {
      await fs.remove(project.addon);
      const told = installing(project, {
        CARGO_HOME: path.join(project.folder, "cargo"),
        // A port that nothing listens on.
        CARGO_HTTP_PROXY: "http://127.0.0.1:9",
        CARGO_NET_RETRY: "0",
      });
      // What cargo says is cargo's.
      return told.replace(/cargo said:\n[\s\S]*?(?=\n\nTo install)/, "cargo said:\n…");
    },
  },
];

/** Provokes a failure; returns what a user sees. */
export async function tellOf({ provoke }, work, addon, target) {
  const folder = path.join(work, "project");
  const project = await layProject(folder, addon, target);
  return neutral(await provoke(project), folder);
}
