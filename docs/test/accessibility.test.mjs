// axe finds nothing on any page, light or dark, nor in the open search and the phone's menu.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isApi, openPage, openSite, PHONE, paths, visit } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The API's pages are made alike: one of each kind stands for all. */
const kindOf = (path) => path.replace(/[^/]+$/, "");
const scanned = paths.filter(
  (path, at) => !isApi(path) || paths.findIndex((one) => kindOf(one) === kindOf(path)) === at,
);

let browser;
let close;

beforeAll(async () => {
  ({ browser, close } = await openSite());
});
afterAll(() => close?.());

/** What axe finds, but for what some rules do: a line each, with up to three places. */
async function violations(page, without = []) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => window.axe.run());
  return found
    .filter(({ id }) => !without.includes(id))
    .map(({ id, nodes }) => {
      const places = nodes.slice(0, 3).map(({ html }) => html.slice(0, 150));
      return `${id}, ${nodes.length} times: ${places.join(" | ")}`;
    });
}

it.each(["light", "dark"])(
  "pages, %s",
  async (scheme) => {
    const { page } = await openPage(browser, undefined, scheme);
    const found = {};
    for (const path of scanned) {
      await visit(page, path);
      const here = await violations(page);
      if (here.length > 0) found[path] = here;
    }
    expect(found).toEqual({});
  },
  600_000,
);

it("the open search", async () => {
  const { page } = await openPage(browser);
  await visit(page, "/guide/services");
  await page.keyboard.press("Control+k");
  await page.locator(".VPLocalSearchBox input").fill("timeout");
  await page.locator(".VPLocalSearchBox .result").first().waitFor();
  // The box is VitePress's own: a button that holds a list, whose entries are links.
  const theirs = ["nested-interactive", "label-content-name-mismatch"];
  expect(await violations(page, theirs)).toEqual([]);
});

it("the menu of a phone", async () => {
  const { page } = await openPage(browser, PHONE, "dark");
  await visit(page, "/guide/services");
  await page.getByRole("button", { name: "Menu" }).click();
  await page.locator(".VPSidebar.open").waitFor();
  expect(await violations(page)).toEqual([]);
});
