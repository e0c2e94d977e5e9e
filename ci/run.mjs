// The entry of every npm script: `node ci/run.mjs <command>`. Only Node itself is needed up to the
// last line: this file checks the tools and installs the dependencies that the commands use.
import { readdirSync } from "node:fs";
import path from "node:path";
import { installDependencies } from "./dependencies.mjs";
import { root } from "./paths.mjs";
import { missingTools } from "./requirements.mjs";

const commandsDir = path.join(root, "ci", "commands");
const commands = readdirSync(commandsDir).map((file) => path.basename(file, ".mjs"));

function fail(message) {
  console.error(message);
  process.exit(1);
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

try {
  installDependencies(root);
} catch (error) {
  fail(error.message);
}

await import(`./commands/${command}.mjs`);
