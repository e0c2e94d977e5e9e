// Compiles the TypeScript.
import { $, path } from "zx";
import { buildAddon } from "./addon.mjs";
import { root } from "./paths.mjs";

/**
 * Compiles the SDK and the examples; the compiler knows itself what is up to date. The types of the
 * addon's exports are in the tree, so that those who bring an addon build none.
 */
export const compileForAddon = () =>
  $({ cwd: root, stdio: "inherit" })`${path.join(root, "node_modules/.bin/tsc")} --build`;

/** The same after the addon, whose build writes these types anew. */
export async function compileTypeScript(addon) {
  await buildAddon(addon);
  await compileForAddon();
}
