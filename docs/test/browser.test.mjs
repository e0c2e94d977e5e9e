// What a reader meets: pages without errors, the menus, the search, the charts, on a screen and a phone.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isApi, kinds, openPage, openSite, PHONE, visit } from "./site.mjs";

let browser;
let close;

beforeAll(async () => {
  ({ browser, close } = await openSite());
});
afterAll(() => close?.());

describe("pages", () => {
  it("have one title and no console errors", async () => {
    const { page, problems } = await openPage(browser);
    for (const path of kinds) {
      await visit(page, path);
      expect([path, await page.locator("h1").count()]).toEqual([path, 1]);
      expect([path, ...problems]).toEqual([path]);
    }
  }, 600_000);

  it("fit a phone screen", async () => {
    const { page } = await openPage(browser, PHONE);
    for (const path of kinds.filter((one) => !isApi(one))) {
      await visit(page, path);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([path, width]).toEqual([path, PHONE.viewport.width]);
    }
  }, 300_000);
});

describe("the menus", () => {
  it("lead from the home page to a guide page and on to the next", async () => {
    const { page, problems } = await openPage(browser);
    await visit(page, "/");
    await page.locator(".VPNavBarMenu").getByRole("link", { name: "Guide" }).click();
    await page.waitForURL("**/guide/services");
    await page.locator(".VPSidebar").getByRole("link", { name: "Events" }).click();
    await page.waitForURL("**/guide/events");
    await page.locator("h1", { hasText: "Events" }).waitFor();
    await page.locator(".VPDocFooter .next").click();
    await page.waitForURL("**/guide/errors");
    expect(problems).toEqual([]);
  });

  it("open on a phone", async () => {
    const { page } = await openPage(browser, PHONE);
    await visit(page, "/guide/services");
    await page.getByRole("button", { name: "Menu" }).click();
    await page.locator(".VPSidebar").getByRole("link", { name: "Values" }).click();
    await page.waitForURL("**/guide/values");
  });

  it("switch to dark mode and remember it", async () => {
    const { page } = await openPage(browser);
    await visit(page, "/guide/services");
    const isDark = () => page.evaluate(() => document.documentElement.classList.contains("dark"));
    expect(await isDark()).toBe(false);
    await page.locator(".VPNavBarAppearance").getByRole("switch").click();
    expect(await isDark()).toBe(true);
    await visit(page, "/guide/calls");
    expect(await isDark()).toBe(true);
  });
});

describe("the search", () => {
  it("finds an error code and leads to its remedy", async () => {
    const { page, problems } = await openPage(browser);
    await visit(page, "/");
    await page.keyboard.press("Control+k");
    await page.locator(".VPLocalSearchBox input").fill("ERR_RUNAR_TIMEOUT");
    const results = page.locator(".VPLocalSearchBox .result");
    await results.first().waitFor();
    const links = await results.evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    expect(links.join("\n")).toMatch(/troubleshooting#err_runar_timeout/);
    await page.locator(`.result[href*="troubleshooting#err_runar_timeout"]`).click();
    await page.waitForURL("**/troubleshooting#err_runar_timeout");
    expect(problems).toEqual([]);
  });
});

describe("the address of an error code", () => {
  it.each(["/reference/errors", "/troubleshooting"])("shows its section in %s", async (path) => {
    const { page } = await openPage(browser);
    await visit(page, `${path}#err_runar_peer_lost`);
    const heading = page.locator("#err_runar_peer_lost");
    await expect.poll(() => heading.boundingBox().then((box) => box?.y)).toBeLessThan(300);
  });
});

describe("the charts", () => {
  it("of the benchmarks have a bar of proportional length for each figure", async () => {
    const { page } = await openPage(browser);
    await visit(page, "/benchmarks");
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    const table = page.locator(".bench table").first();
    const widths = await table
      .locator(".bar div")
      .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
    const figures = (await table.locator(".number").allInnerTexts()).map((text) =>
      Number(text.replaceAll(",", "")),
    );
    expect(widths.length).toBeGreaterThan(2);
    const largest = figures.indexOf(Math.max(...figures));
    for (const [index, width] of widths.entries()) {
      const expected = (widths[largest] * figures[index]) / figures[largest];
      expect(Math.abs(width - Math.max(expected, 2))).toBeLessThan(2);
    }
  });

  it("of the architecture pages are present", async () => {
    const { page } = await openPage(browser);
    await visit(page, "/inside/");
    expect(await page.locator(".diagram svg").count()).toBe(3);
  });

  it("of the matrix name each runtime and each failing case", async () => {
    const { page } = await openPage(browser);
    await visit(page, "/compatibility");
    expect(await page.locator(".matrix thead th").count()).toBeGreaterThan(10);
    expect(await page.locator(".matrix .fails").count()).toBeGreaterThan(0);
  });
});
