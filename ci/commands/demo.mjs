// Builds what is not built, and runs an example: the math-service, or the one that is named.
import { $, glob, path } from "zx";
import { root } from "../paths.mjs";
import { compileTypeScript } from "../typescript.mjs";

const folder = path.join(root, "examples");
const examples = (await glob("*/main.ts", { cwd: folder })).map(path.dirname).sort();
const [name = "math-service", ...rest] = process.argv.slice(3);

if (examples.includes(name) && rest.length === 0) {
  await compileTypeScript();
  console.log();
  await $({ cwd: path.join(folder, name), stdio: "inherit" })`node dist/main.js`;
} else {
  console.error(`usage: npm run demo -- [example]\nexamples: ${examples.join(", ")}`);
  process.exitCode = 2;
}
