// How the tests of the step runner run.
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["*.test.mjs"] } });
