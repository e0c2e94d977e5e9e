// Tests the documentation as its readers meet it: every snippet against the packed packages, the built
// site in a browser, with pictures of five pages. Needs Chromium, and a NATS server for the page that
// compares with one. `--skip-build` takes the site that is there.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { $, argv, chalk, fs, path, which } from "zx";
import { buildSite, docs, prepareSite } from "../../docs/tools/site.mjs";
import { installedProject } from "../packages.mjs";
import { root } from "../paths.mjs";
import { compileTypeScript } from "../typescript.mjs";

const NATS_PORT = 42_219;
const vitest = path.join(root, "node_modules", ".bin", "vitest");
const isBuilt = await fs.pathExists(path.join(docs, ".vitepress", "dist", "index.html"));

/** The addon that the build has left in its folder. */
async function builtAddon() {
  const folder = path.join(root, "crates", "ffi");
  const file = (await fs.readdir(folder)).find((name) => name.endsWith(".node"));
  return path.join(folder, file);
}

async function withNats(run) {
  const program = await which("nats-server", { nothrow: true });
  if (program === null) {
    throw new Error("nats-server is missing; install it (apt-get install nats-server)");
  }
  const server = spawn(program, ["-a", "127.0.0.1", "-p", String(NATS_PORT)], { stdio: "pipe" });
  const ready = new Promise((resolve) =>
    server.stderr.on("data", (text) => String(text).includes("Server is ready") && resolve()),
  );
  try {
    await Promise.race([ready, once(server, "exit")]);
    await run(`127.0.0.1:${NATS_PORT}`);
  } finally {
    server.kill();
  }
}

if (!argv["skip-build"]) await compileTypeScript();
if (argv["skip-build"] && isBuilt) await prepareSite();
else await buildSite();
const project = await installedProject(await builtAddon(), "docs");
console.log(chalk.bold("\n▶ every snippet, against the packed packages"));
await withNats((url) => {
  const env = {
    ...process.env,
    SNIPPETS_MODULES: path.join(project, "node_modules"),
    NATS_URL: url,
  };
  const cwd = path.join(root, "sdk");
  return $({ cwd, stdio: "inherit", env })`${vitest} run test/snippets.test.ts`;
});
console.log(chalk.bold("\n▶ links, names, and the site in a browser"));
await $({ cwd: docs, stdio: "inherit" })`${vitest} run`;
await $({ cwd: docs, stdio: "inherit" })`node tools/pictures.mjs`;
