// Builds what is not built, and runs the math-service.
import { $, path } from "zx";
import { root } from "../paths.mjs";

await import("./build.mjs");
console.log();
await $({ cwd: path.join(root, "examples/math-service"), stdio: "inherit" })`node dist/main.js`;
