// Where the loader works from, and what the install step does and leaves alone. Cargo is played by a
// script: the gate of a release has a real build from the same sources.
import { spawn, spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fs, glob, path } from "zx";
import { targetOfAddon } from "../../packages.mjs";
import { root } from "../../paths.mjs";
import { layProject, programsIn } from "../laid-project.mjs";

const work = path.join(root, "target", "release-loader");
const [addon] = glob.sync("crates/ffi/*.node", { cwd: root, absolute: true });
const target = targetOfAddon(addon);
let project;

beforeAll(async () => {
  project = await layProject(path.join(work, "a folder with späces, and ☃"), addon, target);
});
afterAll(() => fs.remove(work));

const LOAD = 'import { load } from "runar-ts-ffi";\nconsole.log(load().hello());\n';
const HELLO = /^runar-ts-ffi [\d.]+ with runar_node [\d.]+\n$/;

function run(args, { env = {}, cwd = project.folder } = {}) {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd,
    env: { ...process.env, RUNAR_TS_FFI_PATH: "", ...env },
    encoding: "utf8",
  });
  return { stdout, stderr, status };
}

async function program(name, text) {
  const file = path.join(project.folder, name);
  await fs.outputFile(file, text);
  return file;
}

describe("the loader", () => {
  it("works from a folder with spaces and unicode", async () => {
    const file = await program("main.mjs", LOAD);
    expect(run([file])).toEqual({ stdout: expect.stringMatching(HELLO), stderr: "", status: 0 });
  });

  it("works through symbolic links", async () => {
    const linked = path.join(work, "linked");
    await fs.ensureDir(path.join(linked, "node_modules"));
    await fs.symlink(project.ffi, path.join(linked, "node_modules", "runar-ts-ffi"), "junction");
    await fs.writeFile(path.join(linked, "main.mjs"), LOAD);
    expect(run(["main.mjs"], { cwd: linked })).toMatchObject({
      stdout: expect.stringMatching(HELLO),
      status: 0,
    });
  });

  it("works in several worker threads at once", async () => {
    const worker = await program("worker.mjs", LOAD);
    const url = JSON.stringify(pathToFileURL(worker).href);
    const file = await program(
      "workers.mjs",
      `import { Worker } from "node:worker_threads";\nfor (let i = 0; i < 3; i++) new Worker(new URL(${url}));\n`,
    );
    const { stdout, status } = run([file]);
    expect(status).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(3);
  });

  it("works from a bundle that marks it as external", async () => {
    const entry = await program("entry.mjs", LOAD);
    const outfile = path.join(project.folder, "out", "bundle.mjs");
    await build({
      ...{ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm" },
      external: ["runar-ts-ffi"],
    });
    expect(run([outfile])).toMatchObject({ stdout: expect.stringMatching(HELLO), status: 0 });
  });

  it("loads only the addon that RUNAR_TS_FFI_PATH names", async () => {
    const file = await program("main.mjs", LOAD);
    const named = path.join(project.folder, "named addon.node");
    await fs.copy(addon, named);
    expect(run([file], { env: { RUNAR_TS_FFI_PATH: named } }).status).toBe(0);
    expect(run([file], { env: { RUNAR_TS_FFI_PATH: `${named}.nowhere` } }).status).toBe(1);
  });
});

// The script is one for a shell.
describe.skipIf(process.platform === "win32")("the install step", () => {
  const built = () => path.join(project.ffi, target.file);
  const temporary = path.join(work, "temporary");

  /** A cargo that says what it is told to, and does that. */
  const fakeCargo = (build) =>
    programsIn(path.join(work, "fake"), {
      cargo: `case "$1" in --version) echo cargo 1.95.0;; tree) printf 'a v1\\nb v1\\n';; build) touch ${work}/asked; while [ "$1" != --target-dir ]; do shift; done; ${build};; esac`,
    });

  const environment = (bin) => ({
    ...process.env,
    PATH: `${bin}${path.delimiter}${process.env.PATH}`,
    TMPDIR: temporary,
  });

  /** Runs the step with such a cargo. */
  async function install(build, env = {}) {
    const bin = await fakeCargo(build);
    await fs.emptyDir(temporary);
    await fs.remove(path.join(work, "asked"));
    const result = run([path.join(project.ffi, "install.js")], {
      env: { ...environment(bin), RUNAR_TS_FFI_PATH: "", ...env },
    });
    const asked = await fs.pathExists(path.join(work, "asked"));
    expect(await fs.readdir(temporary)).toEqual([]);
    expect((await fs.readdir(project.ffi)).filter((name) => name.startsWith("."))).toEqual([]);
    return { ...result, asked };
  }

  const library = process.platform === "darwin" ? "librunar_js_ffi.dylib" : "librunar_js_ffi.so";
  const succeed = `mkdir -p "$2/release" && cp '${addon}' "$2/release/${library}" && echo '{"reason":"compiler-artifact","package_id":"a"}'`;

  async function withoutPrebuilt(body) {
    const aside = path.join(work, "aside.node");
    await fs.move(project.addon, aside);
    try {
      return await body();
    } finally {
      await fs.remove(built());
      await fs.move(aside, project.addon);
    }
  }

  it("does nothing when a prebuilt addon fits", async () => {
    expect(await install(succeed)).toEqual({ stdout: "", stderr: "", status: 0, asked: false });
  });

  it.each(["true", "runar-ts-ffi", "sharp,runar-ts-ffi"])(
    "builds despite a prebuilt addon when npm_config_build_from_source is %s",
    async (asked) => {
      const result = await install(succeed, { npm_config_build_from_source: asked });
      expect(result).toMatchObject({ status: 0, asked: true });
      expect(await fs.pathExists(built())).toBe(true);
      await fs.remove(built());
    },
  );

  it("does not build when another package is to be built from source", async () => {
    const result = await install(succeed, { npm_config_build_from_source: "sharp" });
    expect(result).toMatchObject({ status: 0, asked: false });
  });

  it("builds when none fits, shows progress, and the loader finds the result", async () => {
    await withoutPrebuilt(async () => {
      const { status, stderr, asked } = await install(succeed);
      expect({ status, asked }).toEqual({ status: 0, asked: true });
      expect(stderr).toMatch(/^runar-ts-ffi: 1 of 2 crates, \d+ s$/m);
      expect(stderr).toContain(`runar-ts-ffi: built ${built()}`);
      expect(run([await program("main.mjs", LOAD)]).stdout).toMatch(HELLO);
    });
  });

  it("does not build when disabled, and the install succeeds", async () => {
    await withoutPrebuilt(async () => {
      const result = await install(succeed, { RUNAR_TS_FFI_BUILD: "never" });
      expect(result).toEqual({ stdout: "", stderr: "", status: 0, asked: false });
    });
  });

  it("leaves no files when cargo fails, and shows its output", async () => {
    await withoutPrebuilt(async () => {
      const result = await install("echo 'error[E0308]: mismatched types' >&2; exit 101");
      expect(result.status).toBe(1);
      expect(result.stderr).toContain("cargo said:\nerror[E0308]: mismatched types");
      expect(await fs.pathExists(built())).toBe(false);
    });
  });

  it("leaves no files when it is interrupted", async () => {
    await withoutPrebuilt(async () => {
      const bin = await fakeCargo("exec sleep 600");
      await fs.emptyDir(temporary);
      const child = spawn(process.execPath, [path.join(project.ffi, "install.js")], {
        env: { ...environment(bin), RUNAR_TS_FFI_PATH: "" },
        stdio: ["ignore", "ignore", "pipe"],
      });
      let told = "";
      child.stderr.setEncoding("utf8").on("data", (text) => {
        told += text;
        if (text.includes("a build takes")) child.kill("SIGTERM");
      });
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect(code).toBe(1);
      expect(told).toContain("The build was interrupted.");
      expect(await fs.readdir(temporary)).toEqual([]);
      expect(await fs.pathExists(built())).toBe(false);
    });
  });

  it("leaves no files when the built addon cannot be loaded", async () => {
    await withoutPrebuilt(async () => {
      const broken = `mkdir -p "$2/release" && echo broken > "$2/release/${library}"`;
      const result = await install(broken);
      expect(result.status).toBe(1);
      expect(result.stderr).toContain("The addon was built, but cannot be loaded");
      expect(await fs.pathExists(built())).toBe(false);
    });
  });
});
