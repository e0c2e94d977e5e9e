// Tests the documentation as its readers meet it: every snippet against the packed packages; then what
// pages link to and name, and the built site in a browser.
import { $, chalk, fs, path } from "zx";
import { startNatsServer } from "../../bench/remote/nats-server.mjs";
import { findChromium } from "../../docs/tools/chromium.mjs";
import { buildSite, docs, isBuilt, prepareSite } from "../../docs/tools/site.mjs";
import { installNatsServer } from "../nats-server.mjs";
import { readOptions, runCommand } from "../options.mjs";
import { addonToPack, installedProject } from "../packages.mjs";
import { root } from "../paths.mjs";

const USAGE = `usage: npm run docs:test -- [option …]

  --addon FILE   a build of the addon to pack instead of the tree's own
  --skip-build   takes the site that is built already, if there is one

Needs Chromium or Chrome (or CHROMIUM, its program), and Go, with which the NATS server is built that
the page about NATS compares with.`;

const vitest = path.join(root, "node_modules", ".bin", "vitest");

/**
 * Runs tests that print what they find; returns whether they passed. Their report says so: on a machine
 * that was very busy vitest 3.2.7 has ended with 0 in the middle of its files, after failures.
 */
async function passes(title, { cwd, args = [], env = {} }) {
  console.log(chalk.bold(`\n▶ ${title}`));
  const report = path.join(root, "target", "docs-test.json");
  await fs.remove(report);
  const run = $({ cwd, stdio: "inherit", nothrow: true, env: { ...process.env, ...env } });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${report}`];
  await run`${vitest} run ${args} ${reporters}`;
  return (await fs.pathExists(report)) && (await fs.readJson(report)).success;
}

async function snippetsPass(project, natsServer) {
  const nats = await startNatsServer(natsServer);
  try {
    return await passes("every snippet, against the packed packages", {
      cwd: path.join(root, "sdk"),
      args: ["test/snippets.test.ts"],
      env: { SNIPPETS_MODULES: path.join(project, "node_modules"), NATS_URL: nats.address },
    });
  } finally {
    await nats.stop();
  }
}

await runCommand(USAGE, async () => {
  const options = readOptions({
    strings: ["addon"],
    flags: ["skip-build"],
  });
  // Before anything that takes minutes: what it needs may be missing.
  const chromium = await findChromium();
  const natsServer = await installNatsServer();
  const addon = await addonToPack(options.addon);
  if (options["skip-build"] && isBuilt()) await prepareSite();
  else await buildSite();
  const project = await installedProject(addon, "docs");
  const results = {
    snippets: await snippetsPass(project, natsServer),
    pages: await passes("links, names, and the site in a browser", {
      cwd: docs,
      env: { CHROMIUM: chromium },
    }),
  };
  const failed = Object.keys(results).filter((part) => !results[part]);
  console.log(
    failed.length === 0 ? "docs: passed" : chalk.red(`docs: ${failed.join(", ")} failed`),
  );
  return failed.length === 0;
});
