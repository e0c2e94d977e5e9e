// Lets the formatters have their way.
import { $ } from "zx";
import { root } from "../paths.mjs";

const run = $({ cwd: root, stdio: "inherit" });
await run`cargo fmt --all`;
await run`npx biome check --write .`;
