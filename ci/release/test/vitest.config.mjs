import { defineConfig } from "vitest/config";

// One after another: they work on the same folders, and each looks at a whole release.
export default defineConfig({ test: { fileParallelism: false, include: ["*.test.mjs"] } });
