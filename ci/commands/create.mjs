// Makes a project with `npm create runar-ts`, from a registry of this machine that has the packed packages,
// and does with it what its README says: its tests pass, its service answers, and it ends when it is told to.
// The same again in the steps of its Dockerfile. Says of each step how long it took. `--addon FILE` packs
// that build of the addon instead of the tree's own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { $, chalk, fs, path } from "zx";
import { containerOf } from "../dockerfile.mjs";
import { readOptions, runCommand } from "../options.mjs";
import { addonToPack, packPackages } from "../packages.mjs";
import { root } from "../paths.mjs";
import { makeProject } from "../release/created-project.mjs";
import { publish, withRegistry } from "../release/registry.mjs";
import { pack, stageCreator } from "../release/staging.mjs";
import { installRuntime, shortRuntimesHere } from "../runtimes.mjs";

const folder = path.join(root, "target", "create");

/** Does a step, and says how long it took; returns what the step returns. */
async function step(name, work) {
  const began = performance.now();
  const result = await work();
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6);
  console.log(`${seconds} s  ${chalk.green("passed")} ${name}`);
  return result;
}

/** Starts the service, asks it for a greeting, and tells it to end, as a container is told. */
async function tryService(file, args, { cwd, env }) {
  const service = spawn(file, args, {
    ...{ cwd, env: { ...process.env, ...env, PORT: "0" } },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  service.stderr.on("data", (chunk) => {
    log += chunk;
  });
  const ended = once(service, "exit");
  const early = ended.then(() => [""]);
  const [line] = await Promise.race([once(createInterface(service.stdout), "line"), early]);
  const [url] = /http:\S+(?=;)/.exec(line) ?? [];
  if (url === undefined)
    throw new Error(`the service said ${line || "nothing, and ended"}\n${log}`);
  const response = await fetch(`${url.replace("0.0.0.0", "127.0.0.1")}/greeter/hello`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '["Ada"]',
  });
  const answer = await response.json();
  if (answer !== "Hello, Ada!") throw new Error(`the service answered ${answer}`);
  service.kill("SIGTERM");
  const [exitCode, signal] = await ended;
  // Windows has no such signal: there it ends at once.
  if (exitCode !== 0 && process.platform !== "win32") {
    throw new Error(`the service ended with ${exitCode}, ${signal}\n${log}`);
  }
}

await runCommand("usage: npm run test:create -- [--addon FILE]", async () => {
  const began = performance.now();
  const { addon } = readOptions({ strings: ["addon"] });
  const built = await addonToPack(addon);
  await fs.emptyDir(folder);
  const packed = await step("packing", async () => [
    ...(await packPackages(built, folder)),
    await pack(await stageCreator(path.join(folder, "staged")), path.join(folder, "tarballs")),
  ]);
  const app = await withRegistry(async (registry) => {
    await publish(packed, registry, folder);
    return makeProject(registry, folder, step);
  });
  for (const { kind, version } of shortRuntimesHere) {
    const program = await installRuntime(kind, version);
    if (kind === "node") {
      await step(
        `its tests on ${kind} ${version}`,
        () => $({ cwd: app, quiet: true })`${program} --test dist/greeter.test.js`,
      );
    }
    await step(`the service on ${kind} ${version}: start, a call, SIGTERM`, () =>
      tryService(program, ["dist/main.js"], { cwd: app }),
    );
  }
  await step("the steps of the Dockerfile, and its command", async () => {
    const container = await containerOf(app, path.join(folder, "images"), {
      // The registry is gone; above, the same manifest was installed from it.
      "npm install": `cp -R ${path.join(app, "node_modules")} .`,
    });
    const [file, ...args] = container.command;
    await tryService(file, args, { cwd: container.folder, env: container.env });
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`create-runar-ts: passed in ${seconds} s`);
  return true;
});
