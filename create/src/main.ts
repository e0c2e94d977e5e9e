/** The command line: `npm create runar-ts my-app`. */

import { readFileSync } from "node:fs";
import { createProject } from "./project.js";
import { nextSteps, readRequest, USAGE, UsageError } from "./usage.js";

const manifest = new URL("../package.json", import.meta.url);
const { version }: { version: string } = JSON.parse(readFileSync(manifest, "utf8"));

async function run(): Promise<void> {
  const request = readRequest(process.argv.slice(2));
  if (request.kind === "help") {
    console.log(USAGE);
  } else if (request.kind === "version") {
    console.log(version);
  } else {
    await createProject(request.folder, version);
    console.log(nextSteps(request.folder, process.env.npm_config_user_agent ?? ""));
  }
}

try {
  await run();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
