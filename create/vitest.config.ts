// How the tests of create-runar-ts run.
import { defineConfig } from "vitest/config";

export default defineConfig({
  // The template has a test too, for another runner.
  test: { include: ["test/**/*.test.ts"], testTimeout: 30_000 },
});
