// The site of the documentation.
import { defineConfig } from "vitepress";
import { emptyHeaders } from "./empty-headers.mjs";
import { notRun } from "./not-run.mjs";
import { outsideLinks } from "./outside-links.mjs";
import { nav, sidebar } from "./pages.mjs";
import { slugify } from "./slugify.mjs";

const base = process.env.DOCS_BASE ?? "/";

export default defineConfig({
  title: "runar-ts",
  description: "Write, host, call and network Runar services from Node and Bun.",
  // Where the site is served below a path, such as a project's pages.
  base,
  head: [["link", { rel: "icon", href: `${base}icon.svg` }]],
  cleanUrls: true,
  srcExclude: ["test/**"],
  // The search's index is one chunk, which is loaded when somebody searches.
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  markdown: {
    anchor: { slugify },
    // The usual themes of GitHub keep less contrast than WCAG AA asks for.
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config(markdown) {
      markdown.use(outsideLinks);
      markdown.use(notRun);
      markdown.use(emptyHeaders);
    },
  },
  themeConfig: {
    logo: "/icon.svg",
    nav,
    sidebar,
    outline: [2, 3],
    search: { provider: "local" },
    docFooter: { prev: "Previous", next: "Next" },
  },
});
