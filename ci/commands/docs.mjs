// Serves the documentation, and shows each change of a page at once. What follows goes to the server:
// `npm run docs -- --port 8000`. With `--pictures` it takes pictures of five pages instead, light and dark,
// on a screen and on a phone.
import { $ } from "zx";
import { buildSite, docs, prepareSite, vitepress } from "../../docs/tools/site.mjs";

const args = process.argv.slice(3);
const run = $({ cwd: docs, stdio: "inherit" });

if (args.includes("--pictures")) {
  await buildSite();
  await run`node tools/pictures.mjs`;
} else {
  await prepareSite();
  await run`${vitepress} dev ${args}`;
}
