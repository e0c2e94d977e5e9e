import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const packages = dirname(dirname(createRequire(import.meta.url).resolve("runar-ts-ffi")));
const platform = readdirSync(packages).find((name) => name.startsWith("runar-ts-ffi-"));

/** The addon of the platform package. */
export const addon = join(
  packages,
  platform,
  readdirSync(join(packages, platform)).find((name) => name.endsWith(".node")),
);
