// The addon and the TypeScript.
import { buildAddon } from "../addon.mjs";
import { compileTypeScript } from "../typescript.mjs";

await buildAddon();
await compileTypeScript();
