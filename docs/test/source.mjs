// The pages as they are written.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { slugify } from "../.vitepress/slugify.mjs";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const NO_PAGES = /(?:^|\/)(?:node_modules|\.vitepress|\.snippets|reference\/api)\//;

export const read = (file) => readFileSync(path.join(root, file), "utf8");

/** Every page that is in the repository, the generated ones of it included. */
export const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "compat/README.md",
  ...readdirSync(path.join(root, "docs"), { recursive: true })
    .filter((file) => file.endsWith(".md") && !NO_PAGES.test(file))
    .map((file) => `docs/${file}`)
    .sort(),
];

/** A page without its code, whose text is no Markdown. */
export const prose = (page) => read(page).replace(/^```[\s\S]*?^```$/gm, "");

/** The anchors of a page: its headings, and what it says of its own. */
export function anchors(page) {
  const text = read(page);
  const headings = [...text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm)];
  const own = [...text.matchAll(/<a id="([^"]+)"|\bid="([^"]+)"/g)].map(([, a, b]) => a ?? b);
  return new Set([...headings.map(([, title]) => slugify(plain(title))), ...own]);
}

/** A heading without the marks of code and links. */
const plain = (title) => title.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");

/** Where the links of a page lead: `{ link, file, anchor }`, but for those to other sites. */
export function links(page) {
  const found = [...prose(page).matchAll(/\]\((?<link>[^)\s]+)\)/g)].map(
    ({ groups }) => groups.link,
  );
  return found
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [to, anchor] = link.split("#");
      const file = to === "" ? page : path.join(path.dirname(page), to);
      return { link, file, anchor };
    });
}

export const exists = (file) => existsSync(path.join(root, file));

/** The texts in backticks of a page. */
export const inlineCode = (page) =>
  [...prose(page).matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, code]) => code);
