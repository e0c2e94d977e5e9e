/** What the command line says, and what it is told. */

import { basename } from "node:path";
import { parseArgs } from "node:util";

export const USAGE = `usage: npm create runar-ts <folder>

Makes a project in a folder that is new or empty: a Runar service in TypeScript, a test of it, a program
that serves it over HTTP, and a Dockerfile. The folder's name becomes the project's.

options:
  -h, --help     prints this
  -v, --version  prints the version`;

/** A command line that makes no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export type Request = { kind: "help" } | { kind: "version" } | { kind: "create"; folder: string };

/** @throws UsageError that says what is wrong. */
export function readRequest(args: string[]): Request {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: "help" };
  if (values.version === true) return { kind: "version" };
  const [folder, ...rest] = positionals;
  if (folder === undefined || rest.length > 0) {
    throw new UsageError(`expected the name of a folder, got ${positionals.length} names`);
  }
  return { kind: "create", folder };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        version: { type: "boolean", short: "v" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The commands of the package manager that runs this. */
export function commandsFor(userAgent: string): { install: string; test: string; start: string } {
  const [manager = ""] = userAgent.split("/");
  const name = ["pnpm", "yarn", "bun"].includes(manager) ? manager : "npm";
  const run = name === "bun" ? "bun run" : name;
  return { install: `${name} install`, test: `${run} test`, start: `${run} start` };
}

/** What is printed once the project is there. */
export function nextSteps(folder: string, userAgent: string): string {
  const { install, test, start } = commandsFor(userAgent);
  return `${basename(folder)} is there. Next:

  cd ${folder}
  ${install}
  ${test}
  ${start}`;
}
