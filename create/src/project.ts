/** Makes a project from the template. */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "./usage.js";

const TEMPLATE = fileURLToPath(new URL("../template/", import.meta.url));
const LONGEST_NAME = 214;

/** npm leaves some files out of a package under their own names. */
const RENAMED: Readonly<Record<string, string>> = { _gitignore: ".gitignore" };

/** A name that npm takes, as near to the folder's as can be. */
function projectName(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9._~-]+/g, "-")
    .replace(/^[._-]+/, "")
    .slice(0, LONGEST_NAME);
  return name === "" ? "my-app" : name;
}

async function checkEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR") throw new UsageError(`${folder} is a file`);
    throw error;
  });
  // A repository that was just made is as good as empty.
  if (entries.some((entry) => entry !== ".git")) throw new UsageError(`${folder} is not empty`);
}

async function copy(from: string, to: string, fill: (text: string) => string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, RENAMED[entry.name] ?? entry.name);
    if (entry.isDirectory()) await copy(source, target, fill);
    else await writeFile(target, fill(await readFile(source, "utf8")));
  }
}

/**
 * Makes a project in a folder.
 *
 * @param version of this package, and of the `runar-ts` that the project uses: they are released together
 * @throws UsageError when the folder has something in it.
 */
export async function createProject(folder: string, version: string): Promise<void> {
  await checkEmpty(folder);
  const values: Record<string, string> = { name: projectName(folder), version };
  await copy(TEMPLATE, folder, (text) =>
    text.replace(/\{\{(\w+)\}\}/g, (whole, key) => values[key] ?? whole),
  );
}
