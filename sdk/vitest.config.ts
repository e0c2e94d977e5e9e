// How the tests of the SDK run.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The addon lives as long as its process: a process for each file keeps the files apart.
    pool: "forks",
    setupFiles: ["test/plain-output.ts"],
    testTimeout: 30_000,
    // What a user imports is what is tested, so the compiled SDK is loaded as it is.
    server: { deps: { external: [/sdk\/dist\//, /crates\/ffi\//] } },
    poolOptions: { forks: { execArgv: ["--expose-gc"] } },
  },
});
