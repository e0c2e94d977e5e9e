// Pages link to files of the repository, which the site does not have. Once package.json names the
// repository they lead there; until then they are shown as text.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const docs = fileURLToPath(new URL("../", import.meta.url));
const { repository } = JSON.parse(readFileSync(path.join(docs, "..", "package.json"), "utf8"));
const blob =
  repository && `${(repository.url ?? repository).replace(/^git\+|\.git$/g, "")}/blob/main/`;

/** Where a link leads within the repository; `undefined` if it stays within the site. */
function outside(href, page) {
  if (/^(?:[a-z]+:|#|\/)/i.test(href)) return undefined;
  const target = path.relative(docs, path.resolve(path.dirname(path.join(docs, page)), href));
  return target.startsWith("..") ? path.relative("..", target) : undefined;
}

export function outsideLinks(markdown) {
  markdown.core.ruler.push("outside-links", ({ tokens, env }) => {
    for (const { children } of tokens) {
      let left = false;
      for (const token of children ?? []) {
        if (token.type === "link_close" && left) {
          token.tag = "span";
          left = false;
        }
        if (token.type !== "link_open") continue;
        const target = outside(token.attrGet("href"), env.relativePath);
        if (target === undefined) continue;
        if (blob) {
          token.attrSet("href", blob + target);
          continue;
        }
        left = true;
        token.tag = "span";
        token.attrs = [["title", `${target} in the repository`]];
      }
    }
  });
}
