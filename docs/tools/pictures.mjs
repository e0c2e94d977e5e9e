// Pictures of five pages of the built site, light and dark, on a screen and on a phone, in
// target/docs-pictures. They are for people to look at; no test compares them.
import { fs, path } from "zx";
import { root } from "../../ci/paths.mjs";
import { DESKTOP, openPage, openSite, PHONE, visit } from "../test/site.mjs";

const PAGES = {
  home: "/",
  start: "/start",
  inside: "/inside/",
  benchmarks: "/benchmarks",
  compatibility: "/compatibility",
};

const folder = path.join(root, "target", "docs-pictures");
await fs.emptyDir(folder);
const { browser, close } = await openSite();
for (const [device, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  for (const scheme of ["light", "dark"]) {
    const { page } = await openPage(browser, options, scheme);
    for (const [name, at] of Object.entries(PAGES)) {
      await visit(page, at);
      const file = path.join(folder, `${name}-${device}-${scheme}.png`);
      await page.screenshot({ path: file, fullPage: true });
    }
    await page.context().close();
  }
}
await close();
console.log("written: target/docs-pictures");
