// The folders that scripts share.
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Where the addon with the test fixtures is built; never shipped. */
export const fixturesDir = path.join(root, "target", "fixtures");

/** What is downloaded or built once for all checkouts. */
export const cache = path.join(
  process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"),
  "runar-ts",
);
