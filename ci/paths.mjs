import path from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Where the addon with the test fixtures is built; never shipped. */
export const fixturesDir = path.join(root, "target", "fixtures");
