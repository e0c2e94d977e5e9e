// Each of the ten questions, by the way that its page gives: clicks, or a search.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPage, openSite, visit } from "./site.mjs";
import { read } from "./source.mjs";

const QUESTION =
  /^## (?<question>.+)\n\n(?<text>[\s\S]*?)\n\nWay: (?:search for `(?<search>.+)`|(?<clicks>.+))$/gm;
const questions = [...read("docs/questions.md").matchAll(QUESTION)].map(({ groups }) => {
  // The first link to a page of ours is that of the answer.
  const [, page, anchor] = /\]\((?!https:)([^)#]+)\.md#([^)]+)\)/.exec(groups.text);
  return { ...groups, page, anchor };
});

let browser;
let close;

beforeAll(async () => {
  ({ browser, close } = await openSite());
});
afterAll(() => close?.());

async function click(page, [menu, ...then]) {
  const bar = page.locator(".VPNavBar");
  if (menu === "More") {
    await bar.getByRole("button", { name: "More" }).hover();
    await bar.getByRole("link", { name: then[0], exact: true }).click();
    return;
  }
  await bar.getByRole("link", { name: menu, exact: true }).click();
  await page.locator(".VPSidebar").getByRole("link", { name: then[0], exact: true }).click();
}

async function search(page, words, link) {
  await page.keyboard.press("Control+k");
  await page.locator(".VPLocalSearchBox input").fill(words);
  const result = page.locator(`.VPLocalSearchBox .result[href*="${link}"]`).first();
  await result.waitFor();
  await result.click();
}

describe("questions are answered from the home page", () => {
  it("there are ten", () => expect(questions.length).toBe(10));

  it.each(questions)("$question", async ({ page: target, anchor, search: words, clicks }) => {
    const { page } = await openPage(browser);
    await visit(page, "/");
    if (words !== undefined) await search(page, words, `${target}#${anchor}`);
    else await click(page, clicks.split(" → "));
    await page.waitForURL(`**/${target}*`);
    await page.locator(`[id="${anchor}"]`).waitFor({ state: "attached" });
  });
});
