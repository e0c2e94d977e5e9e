// Installs the published packages into empty projects, as users do, and runs the example of the README.
import { build, transform } from "esbuild";
import { $, fs, path } from "zx";
import { root } from "../paths.mjs";
import { installRuntime, shortRuntimesHere } from "../runtimes.mjs";
import { releaseTool } from "./tools.mjs";

const LIMIT = "300s";

/** The first example of the README, as it stands and compiled, and what it prints. */
export async function readmeExample() {
  const readme = await fs.readFile(path.join(root, "README.md"), "utf8");
  const { code, output } =
    /^```ts\n(?<code>[\s\S]*?)^```\n\n```text\n(?<output>[\s\S]*?)^```$/m.exec(readme).groups;
  const compiled = await transform(code, { loader: "ts", target: "es2022" });
  return { code, compiled: compiled.code, output };
}

/** Prints how long it takes from the import to the first answer. */
export const firstCallProgram = path.join(root, "bench", "startup", "runar-ts.mjs");

const bunOf = async () => {
  const { kind, version } = shortRuntimesHere.filter(({ kind }) => kind === "bun").at(-1);
  return installRuntime(kind, version);
};

/** The ways to install: each returns the command. */
const INSTALLERS = {
  npm: async () => ["npm", "install", "--no-audit", "--no-fund", "runar-ts"],
  "npm --ignore-scripts": async () => [
    ...["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "runar-ts"],
  ],
  pnpm: async () => [releaseTool("pnpm"), "add", "--store-dir", "pnpm-store", "runar-ts"],
  bun: async () => [await bunOf(), "add", "runar-ts"],
};

/** Makes an empty project, whose packages come from a registry. */
export async function emptyProject(folder, registry) {
  await fs.emptyDir(folder);
  await fs.writeJson(path.join(folder, "package.json"), { private: true, type: "module" });
  await fs.writeFile(path.join(folder, ".npmrc"), `registry=${registry}\ncache=npm-cache\n`);
  await fs.writeFile(
    path.join(folder, "bunfig.toml"),
    `[install]\nregistry = "${registry}"\n[install.cache]\ndir = "bun-cache"\n`,
  );
}

async function install(name, folder, registry) {
  await emptyProject(folder, registry);
  const command = await INSTALLERS[name]();
  const began = Date.now();
  await $({ cwd: folder, quiet: true, timeout: LIMIT })`${command}`;
  return (Date.now() - began) / 1000;
}

/** Runs a program; returns what it printed, and throws what went wrong. */
async function output(folder, program, ...args) {
  const { stdout } = await $({ cwd: folder, quiet: true, timeout: "60s" })`${program} ${args}`;
  return stdout;
}

/** The program of the package. */
const PROGRAM = path.join("node_modules", "runar-ts", "bin", "runar-ts.js");

async function checkTypes(folder) {
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
  const types = ["--types", "node", "--typeRoots", path.join(root, "node_modules", "@types")];
  const tsc = path.join(root, "node_modules", ".bin", "tsc");
  await $({ cwd: folder, quiet: true })`${tsc} ${options} ${types} example.ts`;
}

/** The SDK in a bundle, the loader left out of it, as docs/troubleshooting.md says. */
async function checkBundle(folder, expected) {
  await build({
    ...{ absWorkingDir: folder, entryPoints: ["example.mjs"], outfile: "out/bundle.mjs" },
    ...{ bundle: true, platform: "node", format: "esm", external: ["runar-ts-ffi"] },
    logLevel: "silent",
  });
  const printed = await output(folder, process.execPath, "out/bundle.mjs");
  if (printed !== expected) throw new Error(`the example, bundled, printed\n${printed}`);
}

/**
 * Installs with every package manager, and runs the example on the runtimes at hand.
 *
 * @returns for each, the seconds of the install and the milliseconds to the first answer
 */
export async function tryInstalls(registry, folder, tell) {
  const { code, compiled, output: expected } = await readmeExample();
  const rows = [];
  for (const name of Object.keys(INSTALLERS)) {
    const project = path.join(folder, name.replace(/\W+/g, "-"));
    const seconds = await install(name, project, registry);
    await fs.writeFile(path.join(project, "example.ts"), code);
    await fs.writeFile(path.join(project, "example.mjs"), compiled);
    await fs.copy(firstCallProgram, path.join(project, "first-call.mjs"));
    await checkTypes(project);
    // pnpm shows a project only what it asked for itself; a bundle asks for the loader.
    if (name !== "pnpm") await checkBundle(project, expected);
    for (const { kind, version } of shortRuntimesHere) {
      const program = await installRuntime(kind, version);
      const printed = await output(project, program, "example.mjs");
      if (printed !== expected) {
        throw new Error(`${name}, ${kind} ${version}: the example printed\n${printed}`);
      }
      // Fails when the addon cannot be loaded or the program lacks something.
      await output(project, program, PROGRAM, "doctor");
      const firstCall = Number(await output(project, program, "first-call.mjs"));
      rows.push({ installer: name, runtime: `${kind} ${version}`, seconds, firstCall });
    }
    tell(
      `${name}: installed in ${seconds.toFixed(1)} s, the example and the program run on all runtimes`,
    );
  }
  return rows;
}
