import { defineConfig } from "vitepress";
import { notRun } from "./not-run.mjs";
import { outsideLinks } from "./outside-links.mjs";
import { nav, sidebar } from "./pages.mjs";
import { slugify } from "./slugify.mjs";

export default defineConfig({
  title: "runar-ts",
  description: "Write, host, call and network Runar services from Node and Bun.",
  // Where the site is served below a path, such as a project's pages.
  base: process.env.DOCS_BASE ?? "/",
  cleanUrls: true,
  srcExclude: ["test/**"],
  markdown: {
    anchor: { slugify },
    config(markdown) {
      markdown.use(outsideLinks);
      markdown.use(notRun);
    },
  },
  themeConfig: {
    nav,
    sidebar,
    outline: [2, 3],
    search: { provider: "local" },
    docFooter: { prev: "Before", next: "Next" },
  },
});
