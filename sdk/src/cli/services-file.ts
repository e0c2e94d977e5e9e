/** The file that `node run` is given: a module whose default export says what the node offers. */

import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ServiceDefinition } from "../api/definition.js";
import type { RustService } from "../api/rust-service.js";
import type { Node } from "../node/node.js";
import { CliError } from "./exits.js";

const EXPECTED =
  "Its default export is a service definition, an array of them, or a function that gets the node.";

/** Gives a node what a file offers. */
export type Setup = (node: Node) => Promise<void>;

/** Reads the file and checks its default export. */
export async function loadServices(file: string): Promise<Setup> {
  const resolved = path.resolve(file);
  if (!existsSync(resolved)) throw new CliError("usage", `${file} does not exist.`);
  const module = await importFile(file, resolved);
  const exported = module.default;
  if (exported === undefined) {
    throw new CliError("usage", `${file} has no default export.`, EXPECTED);
  }
  if (typeof exported === "function") {
    return async (node) => {
      await exported(node);
    };
  }
  const services: unknown[] = Array.isArray(exported) ? exported : [exported];
  if (services.length === 0) {
    throw new CliError("usage", `The default export of ${file} is an empty array.`, EXPECTED);
  }
  return async (node) => {
    // What is no service is refused by the node itself, which says what is wrong with it.
    for (const service of services)
      await node.addService(service as ServiceDefinition | RustService);
  };
}

async function importFile(file: string, resolved: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(resolved).href)) as { default?: unknown };
  } catch (error) {
    const known = explained(error, file);
    if (known !== undefined) throw known;
    const told = error instanceof Error ? error : new Error(String(error));
    throw new CliError("failed", `${file} failed while it was loaded: ${told.message}`, told.stack);
  }
}

/** Whether the runtime takes types away itself: Bun does, and Node from 22.18 on. */
function runsTypeScript(): boolean {
  const { features, versions } = process;
  return versions.bun !== undefined || ("typescript" in features && Boolean(features.typescript));
}

/** Runtimes that do not read TypeScript say so in terms of their loaders. */
function explained(error: unknown, file: string): CliError | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    const why = error instanceof Error ? error.message.split("\n")[0] : "";
    return new CliError(
      "usage",
      `${file} uses TypeScript that cannot be run by leaving out its types: ${why}`,
      "Replace enums, namespaces and parameter properties, or compile the file and run the .js.",
    );
  }
  const isOfTypes = code === "ERR_UNKNOWN_FILE_EXTENSION" || error instanceof SyntaxError;
  if (!/\.[mc]?tsx?$/.test(file) || runsTypeScript() || !isOfTypes) return undefined;
  return new CliError(
    "usage",
    `Node ${process.versions.node} does not run TypeScript (${file}).`,
    "Use Bun or Node 22.18 or later, or compile the file and run the .js.",
  );
}
