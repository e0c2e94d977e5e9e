// How the tests of what the commands share run.
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["*.test.mjs"] } });
