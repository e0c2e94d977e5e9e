// What the commands of the site have in common. Imported by ci/commands/docs*.mjs, which have installed
// the packages of this folder before.
import { $, fs, path } from "zx";
import { installDependencies } from "../../ci/dependencies.mjs";
import { root } from "../../ci/paths.mjs";

export const docs = path.join(root, "docs");
export const vitepress = path.join(docs, "node_modules", ".bin", "vitepress");

/** Whether the finished site is there, of whichever state of the pages. */
export const isBuilt = () => fs.existsSync(path.join(docs, ".vitepress", "dist", "index.html"));

/** Installs what the site is made with, and writes the pages that come from doc comments. */
export async function prepareSite() {
  installDependencies(docs);
  await $({ cwd: docs, stdio: "inherit" })`node tools/api.mjs`;
}

/** The finished site, in docs/.vitepress/dist. */
export async function buildSite() {
  await prepareSite();
  await $({ cwd: docs, stdio: "inherit" })`${vitepress} build`;
}
