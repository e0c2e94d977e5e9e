// What an install of the packed packages brings into an empty project, and that its program runs there.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { $, fs, glob, path } from "zx";
import { installedProject, targetOfAddon } from "../../packages.mjs";
import { root } from "../../paths.mjs";
import { installRuntime, shortRuntimesHere } from "../../runtimes.mjs";

const name = "release-installed";
const [addon] = glob.sync("crates/ffi/*.node", { cwd: root, absolute: true });
const { version } = fs.readJsonSync(path.join(root, "sdk", "package.json"));
let project;

beforeAll(async () => {
  await fs.remove(path.join(root, "target", name));
  project = await installedProject(addon, name);
});
afterAll(() => fs.remove(path.join(root, "target", name)));

describe("an install of runar-ts", () => {
  it("brings the SDK, the loader and one addon, and nothing else", async () => {
    const manifests = await glob("node_modules/**/package.json", {
      ...{ cwd: project, gitignore: false, ignore: [] },
    });
    const packages = ["runar-ts", "runar-ts-ffi", targetOfAddon(addon).packageName];
    expect(manifests.sort()).toEqual(
      packages.map((one) => `node_modules/${one}/package.json`).sort(),
    );
  });

  it.each(shortRuntimesHere)("has a program that runs on $kind $version", async (runtime) => {
    const program = await installRuntime(runtime.kind, runtime.version);
    const bin = path.join("node_modules", "runar-ts", "bin", "runar-ts.js");
    const run = $({ cwd: project, quiet: true });
    expect((await run`${program} ${bin} --version`).stdout).toBe(`${version}\n`);
    const { checks } = (await run`${program} ${bin} doctor`).json();
    expect(checks.find((check) => check.name === "addon")).toMatchObject({ status: "ok" });
  });

  it("puts the program where npx finds it", async () => {
    const run = $({ cwd: project, quiet: true });
    expect((await run`npx --no-install runar-ts --version`).stdout).toBe(`${version}\n`);
  });
});
