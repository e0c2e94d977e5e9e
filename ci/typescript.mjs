import { $, path } from "zx";
import { root } from "./paths.mjs";

/** Compiles the SDK and the examples; the compiler itself knows what is up to date. */
export async function compileTypeScript() {
  await $({ cwd: root, stdio: "inherit" })`${path.join(root, "node_modules/.bin/tsc")} --build`;
}
