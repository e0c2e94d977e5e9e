// How the tests of the structure check run.
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["*.test.mjs"] } });
