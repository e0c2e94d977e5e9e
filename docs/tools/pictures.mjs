// Pictures of five pages, light and dark, on a screen and on a phone, in docs/pictures.
import { mkdirSync } from "node:fs";
import { DESKTOP, docs, openPage, openSite, PHONE, visit } from "../test/site.mjs";

const PAGES = {
  home: "/",
  start: "/start",
  inside: "/inside/",
  benchmarks: "/benchmarks",
  troubleshooting: "/troubleshooting",
};

const folder = `${docs}pictures/`;
mkdirSync(folder, { recursive: true });
const { browser, close } = await openSite();
for (const [device, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  for (const scheme of ["light", "dark"]) {
    const { page } = await openPage(browser, options, scheme);
    for (const [name, path] of Object.entries(PAGES)) {
      await visit(page, path);
      await page.screenshot({ path: `${folder}${name}-${device}-${scheme}.png` });
    }
    await page.context().close();
  }
}
await close();
console.log("written: docs/pictures");
