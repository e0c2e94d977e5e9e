// The entry of every npm script: `node ci/run.mjs <command>`. Only Node itself is needed up to the
// last line: this file checks the tools and installs the dependencies that the commands use.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { root } from "./paths.mjs";
import { missingTools } from "./requirements.mjs";

const commandsDir = path.join(root, "ci", "commands");
const commands = readdirSync(commandsDir).map((file) => path.basename(file, ".mjs"));

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** npm writes the lock file of what it installed last; an install is due when ours is another. */
function dependenciesAreInstalled() {
  const installed = path.join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs >= statSync(path.join(root, "package-lock.json")).mtimeMs) {
    return true;
  }
  const packages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const have = packages(installed);
  return Object.entries(packages(path.join(root, "package-lock.json"))).every(
    ([name, { version, optional }]) =>
      name === "" || optional || have[name] === undefined || have[name].version === version,
  );
}

const [command] = process.argv.slice(2);
if (!commands.includes(command)) {
  fail(`usage: node ci/run.mjs <command>\ncommands: ${commands.join(", ")}`);
}

const missing = missingTools();
if (missing.length > 0) {
  fail(
    `Something is missing on this machine:\n\n${missing.map((line) => `  ${line}`).join("\n")}\n`,
  );
}

if (!dependenciesAreInstalled()) {
  console.log("Installing the npm dependencies …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status } = spawnSync(npm, ["ci", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) fail("npm ci failed; what it printed stands above.");
}

await import(`./commands/${command}.mjs`);
