// The size of the addon that is published.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { figure } from "../rounds.mjs";

export async function measure({ publishedAddon }) {
  const addon = await readFile(publishedAddon);
  const megabytes = (bytes) => [bytes.length / 1e6];
  return {
    charts: [
      {
        title: "The addon, stripped",
        unit: "MB",
        figures: [
          figure("on disk", megabytes(addon)),
          figure("gzipped", megabytes(gzipSync(addon, { level: 9 }))),
        ],
      },
    ],
    aims: [],
  };
}
