// axe finds nothing on any page, light or dark, nor in the open search and the phone's menu.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, it } from "vitest";
import { kinds, openPage, openSite, PHONE, visit } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
let close;

beforeAll(async () => {
  ({ browser, close } = await openSite());
});
afterAll(() => close?.());

/** What axe finds: a line for each rule, with up to three places. */
async function violations(page, options = {}) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate((given) => window.axe.run(given), options);
  return found.map(({ id, nodes }) => {
    const places = nodes.slice(0, 3).map(({ html }) => html.slice(0, 150));
    return `${id}, ${nodes.length} times: ${places.join(" | ")}`;
  });
}

it("pages are accessible in light and dark mode", async () => {
  const { page } = await openPage(browser);
  const found = {};
  for (const path of kinds) {
    await page.emulateMedia({ colorScheme: "light" });
    await visit(page, path);
    const light = await violations(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.locator("html.dark").waitFor();
    const dark = await violations(page, { runOnly: ["color-contrast"] });
    if (light.length + dark.length > 0) found[path] = { light, dark };
  }
  expect(found).toEqual({});
}, 900_000);

it("the open search is accessible", async () => {
  const { page } = await openPage(browser);
  await visit(page, "/guide/services");
  await page.keyboard.press("Control+k");
  await page.locator(".VPLocalSearchBox input").fill("timeout");
  await page.locator(".VPLocalSearchBox .result").first().waitFor();
  // The box is VitePress's own: a button that holds a list, whose entries are links.
  const rules = {
    "nested-interactive": { enabled: false },
    "label-content-name-mismatch": { enabled: false },
  };
  expect(await violations(page, { rules })).toEqual([]);
});

it("the mobile menu is accessible", async () => {
  const { page } = await openPage(browser, PHONE, "dark");
  await visit(page, "/guide/services");
  await page.getByRole("button", { name: "Menu" }).click();
  await page.locator(".VPSidebar.open").waitFor();
  expect(await violations(page)).toEqual([]);
});
