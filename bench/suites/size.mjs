// The size of the addon that is published, and of one without the services written in Rust.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { figure } from "../rounds.mjs";

export async function measure({ publishedAddon, smallAddon }) {
  const megabytes = (bytes) => [bytes.length / 1e6];
  const sizes = async (name, file) => {
    const addon = await readFile(file);
    return [
      figure(`${name}, on disk`, megabytes(addon)),
      figure(`${name}, gzipped`, megabytes(gzipSync(addon, { level: 9 }))),
    ];
  };
  return {
    charts: [
      {
        title: "The addon, stripped",
        unit: "MB",
        figures: [
          ...(await sizes("published", publishedAddon)),
          ...(await sizes("without services", smallAddon)),
        ],
      },
    ],
    aims: [],
  };
}
