// Results as files, with what they were measured on.
import { mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "results");

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

/** Writes `bench/results/<name>.json`; returns its path as it is written in the project. */
export async function writeResults(name, results) {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${name}.json`), `${JSON.stringify(results, null, 2)}\n`);
  return `bench/results/${name}.json`;
}
