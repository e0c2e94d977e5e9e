import { defineConfig } from "vitest/config";

// One after another: they work on the same folders, and each looks at a whole release. Their programs
// start programs, which on a busy machine takes its time.
export default defineConfig({
  test: {
    fileParallelism: false,
    include: ["*.test.mjs"],
    hookTimeout: 120_000,
    testTimeout: 60_000,
  },
});
