// The addon and the TypeScript.
import { compileTypeScript } from "../typescript.mjs";

await compileTypeScript();
