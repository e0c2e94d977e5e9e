// Makes a project as `npm create runar-ts` does, from the packed packages, and does with it what its
// README says: its tests pass, its service answers, and it ends when it is told to. The same again in
// the steps of its Dockerfile.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { $, chalk, fs, glob, path } from "zx";
import { containerOf } from "../dockerfile.mjs";
import { packPackages } from "../packages.mjs";
import { root } from "../paths.mjs";
import { withRegistry } from "../release/registry.mjs";
import { pack, stageCreator } from "../release/staging.mjs";
import { installRuntime, shortRuntimesHere } from "../runtimes.mjs";
import { compileTypeScript } from "../typescript.mjs";

const NAME = "my-app";
const folder = path.join(root, "target", "create");
const app = path.join(folder, NAME);
const began = Date.now();

function passed(what) {
  const seconds = ((Date.now() - began) / 1000).toFixed(1).padStart(6);
  console.log(`${seconds} s  ${chalk.green("passed")} ${what}`);
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

await compileTypeScript();
const [addon] = await glob(path.join(root, "crates", "ffi", "*.node"));
const tarballs = await packPackages(addon, folder);
const creator = await pack(
  await stageCreator(path.join(folder, "staged")),
  path.join(folder, "tarballs"),
);
await fs.remove(app);
passed("packing");

await $({ cwd: folder })`npm exec --yes --package ${creator} -- create-runar-ts ${NAME}`;
passed("npm create runar-ts my-app");

const inApp = $({ cwd: app, quiet: true });
// It answers for the addons of other targets, which nobody has published.
await withRegistry((url) => inApp`npm install --registry ${url} --no-audit --no-fund ${tarballs}`);
passed("npm install");

const { stdout } = await inApp`npm test`;
if (!/^(# |ℹ )pass 2$/m.test(stdout)) throw new Error(stdout);
passed("npm test");

for (const { kind, version } of shortRuntimesHere) {
  const program = await installRuntime(kind, version);
  if (kind === "node") await inApp`${program} --test dist/greeter.test.js`;
  await tryService(program, ["dist/main.js"], { cwd: app });
  passed(`the service on ${kind} ${version}`);
}

const container = await containerOf(app, path.join(folder, "images"), {
  // No registry has what is packed here; above, the same manifest was installed.
  "npm install": `cp -R ${path.join(app, "node_modules")} .`,
});
const [file, ...args] = container.command;
await tryService(file, args, { cwd: container.folder, env: container.env });
passed("the steps of the Dockerfile, and its command");
console.log("create-runar-ts: passed");
