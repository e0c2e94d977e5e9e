// The built site, served, and a browser that looks at it.
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "vitepress";
import { findChromium } from "../tools/chromium.mjs";

export const docs = fileURLToPath(new URL("../", import.meta.url));
const dist = `${docs}.vitepress/dist`;
let origin;

/** The paths of all pages that were built. */
export const paths = readdirSync(dist, { recursive: true })
  .filter((file) => file.endsWith(".html") && file !== "404.html")
  .map((file) => `/${file.replace(/(?:^|(?<=\/))index\.html$|\.html$/, "")}`)
  .sort();

export const isApi = (path) => path.startsWith("/reference/api/");

/** The API's pages are made alike, so one of each kind stands for all. */
const kindOf = (path) => path.split("/").at(-2);
export const kinds = paths.filter(
  (path, at) =>
    !isApi(path) || paths.findIndex((one) => isApi(one) && kindOf(one) === kindOf(path)) === at,
);

/** Serves the site and starts a browser; returns what stops both. */
export async function openSite() {
  const executablePath = await findChromium();
  const { server } = await serve({ root: docs, port: 0 });
  if (!server.listening) await once(server, "listening");
  origin = `http://localhost:${server.address().port}`;
  const args = ["--no-sandbox", "--disable-dev-shm-usage"];
  const browser = await chromium.launch({ executablePath, args });
  const close = async () => {
    await browser.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { browser, close };
}

export const DESKTOP = { viewport: { width: 1_280, height: 800 } };
export const PHONE = { viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true };

/** A tab that remembers what went wrong in it. */
export async function openPage(browser, options = DESKTOP, colorScheme = "light") {
  const context = await browser.newContext({ ...options, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("requestfailed", (request) => {
    const { errorText } = request.failure();
    // What was fetched ahead ends with its page.
    if (errorText !== "net::ERR_ABORTED") problems.push(`${request.url()}: ${errorText}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.url()}: ${response.status()}`);
  });
  return { page, problems };
}

/** Goes to a page of the site, until its scripts run. */
export async function visit(page, path) {
  await page.goto(origin + path, { waitUntil: "load" });
  await page.waitForFunction(() => document.querySelector("#app")?.__vue_app__ !== undefined);
}
