// Results as files, with what they were measured on.
import { mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

export function machineFacts() {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model ?? "unknown",
    cores: cpus.length,
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    date: new Date().toISOString(),
    loadAverage: os.loadavg()[0],
  };
}

/**
 * Writes `<name>.json` into a folder of `bench`: `results`, which are nobody else's, or `published`, which
 * the documentation shows. Returns its path as it is written in the project.
 */
export async function writeResults(name, results, folder = "results") {
  await mkdir(path.join(here, folder), { recursive: true });
  await writeFile(path.join(here, folder, `${name}.json`), `${JSON.stringify(results, null, 2)}\n`);
  return `bench/${folder}/${name}.json`;
}
