/** What web pages can make a real browser ask of a gateway. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GatewayOptions, gateway } from "runar-ts/services";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { findChromium } from "../../docs/tools/chromium.mjs";
import { deferred, makeNode, stopNodes } from "./support.js";

const chromium = await findChromium().catch((error: Error) => {
  console.warn(`The tests with web pages are skipped. ${error.message}`);
  return undefined;
});

const profiles = mkdtempSync(join(tmpdir(), "runar-ts-browser-"));
const servers = new Set<Server>();

afterEach(async () => {
  for (const server of servers) server.closeAllConnections();
  await Promise.all([...servers].map((server) => new Promise((closed) => server.close(closed))));
  servers.clear();
  await stopNodes();
});
afterAll(() => rmSync(profiles, { recursive: true, force: true, maxRetries: 10 }));

async function listen(server: Server): Promise<number> {
  servers.add(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A gateway whose actions note that they were called. */
async function startGateway(options: Partial<GatewayOptions> = {}) {
  const called: string[] = [];
  const node = makeNode();
  const web = gateway({ path: "web", listen: 0, safe: ["shop/price"], ...options });
  node.addService(web);
  node.addService({
    name: "shop",
    path: "shop",
    actions: {
      price: () => {
        called.push("price");
        return 7;
      },
      order: (what: unknown) => {
        called.push(`order ${JSON.stringify(what)}`);
        return "ordered";
      },
    },
  });
  await node.start();
  return { called, target: web.url as string };
}

/** A server that answers everything: what a page can reach when nothing keeps it from it. */
async function startOpenServer() {
  const called = new Set<string>();
  const server = createServer((asked, answer) => {
    called.add(`${asked.method} ${asked.url}`);
    answer.end("7");
  });
  return { called, target: `http://127.0.0.1:${await listen(server)}` };
}

/** Runs a script in a page of its own site; returns what it returns. */
async function runInPage(script: string, url: (port: number) => string, route?: Route) {
  const { promise: told, resolve: tell } = deferred<string>();
  const site = createServer(async (asked, answer) => {
    const { pathname } = new URL(asked.url ?? "/", "http://site");
    if (pathname === "/told") {
      let text = "";
      for await (const chunk of asked) text += chunk;
      answer.end();
      tell(text);
      return;
    }
    const host = asked.headers.host ?? "";
    const to = pathname === "/page" ? undefined : route?.(host);
    if (to !== undefined) {
      // As a name does that means another address now: the request itself stays as it is.
      const headers = { ...asked.headers };
      delete headers["proxy-connection"];
      const passed = request(`${to}${pathname}`, { method: asked.method, headers }, (given) => {
        answer.writeHead(given.statusCode ?? 502, given.headers);
        given.pipe(answer);
      });
      passed.on("error", () => answer.destroy());
      asked.pipe(passed);
      return;
    }
    answer.setHeader("content-type", "text/html");
    answer.end(`<!doctype html><body><script type="module">
      const run = async () => { ${script} };
      const result = await run().catch((error) => "failed: " + error);
      await fetch("/told", { method: "POST", body: JSON.stringify(result) });
    </script>`);
  });
  const port = await listen(site);
  const args = [
    ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"],
    ...[`--user-data-dir=${mkdtempSync(join(profiles, "profile-"))}`, "--remote-debugging-port=0"],
    ...(route === undefined ? [] : [`--proxy-server=http://127.0.0.1:${port}`]),
  ];
  const browser = spawn(chromium as string, [...args, url(port)], { stdio: "ignore" });
  const ended = once(browser, "exit");
  const early = ended.then(([code]) => {
    throw new Error(`the browser ended with ${code}`);
  });
  try {
    return JSON.parse(await Promise.race([told, early])) as unknown;
  } finally {
    browser.kill("SIGKILL");
    await ended;
  }
}

type Route = (host: string) => string | undefined;

/** Tries all that a page may do without being asked. */
const attack = (target: string) => `
  const target = ${JSON.stringify(target)};
  const image = (path) => new Promise((done) => {
    const image = new Image();
    image.onload = image.onerror = done;
    image.src = target + path;
  });
  const form = (method, type) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.name = "frame" + Math.random();
    document.body.append(frame);
    const form = document.createElement("form");
    Object.assign(form, { method, enctype: type, action: target + "/shop/order", target: frame.name });
    const field = document.createElement("input");
    Object.assign(field, { name: '["emma", "', value: '"]' });
    form.append(field);
    document.body.append(form);
    frame.onload = done;
    form.submit();
  });
  const read = [];
  const attempt = async (path, options) => {
    try {
      const response = await fetch(target + path, options);
      read.push(response.type === "opaque" ? "opaque" : await response.text());
    } catch {
      read.push("nothing");
    }
  };
  await image("/shop/price");
  await image("/shop/order");
  await form("POST", "text/plain");
  await form("POST", "application/x-www-form-urlencoded");
  await form("POST", "multipart/form-data");
  await form("GET", "");
  const body = '["emma"]';
  await attempt("/shop/price", { mode: "no-cors" });
  await attempt("/shop/price", {});
  await attempt("/shop/order", { mode: "no-cors", method: "POST", body });
  await attempt("/shop/order", { mode: "no-cors", method: "POST", body,
    headers: { "content-type": "application/json" } });
  await attempt("/shop/order", { method: "POST", body,
    headers: { "content-type": "application/json" } });
  navigator.sendBeacon(target + "/shop/order", body);
  return read;
`;

const order = `
  const headers = { "content-type": "application/json" };
  const response = await fetch(target + "/shop/order", { method: "POST", body: '["emma"]', headers });
  return [response.status, await response.text(), (await fetch(target + "/shop/price")).status];
`;

describe.skipIf(chromium === undefined)("a page of another site", () => {
  const onLocalhost = (port: number) => `http://localhost:${port}/page`;

  it("reaches an unprotected server with images, forms and requests", async () => {
    const { called, target } = await startOpenServer();
    await runInPage(attack(target), onLocalhost);
    for (const asked of ["GET /shop/price", "GET /shop/order", "POST /shop/order"]) {
      expect([...called]).toContain(asked);
    }
  });

  it("runs no action of a gateway and reads no answer", async () => {
    const { called, target } = await startGateway();
    const read = await runInPage(attack(target), onLocalhost);
    expect(read).toEqual(["opaque", "nothing", "opaque", "opaque", "nothing"]);
    expect(called).toEqual([]);
  });

  it("is served when its origin is listed", async () => {
    const { called, target } = await startGateway({ origins: ["http://app.example"] });
    const script = `const target = ${JSON.stringify(target)}; ${order}`;
    const route = () => undefined;
    const app = await runInPage(script, () => "http://app.example/page", route);
    expect(app).toEqual([200, '"ordered"', 200]);
    expect(called).toEqual(['order "emma"', "price"]);
    const evil = await runInPage(script, () => "http://evil.example/page", route);
    expect(evil).toMatch(/^failed: TypeError/);
    expect(called.length).toBe(2);
  });

  it("is refused when its name was rebound to the gateway", async () => {
    const { called, target } = await startGateway();
    const script = `const target = ""; ${order}`;
    const route: Route = (host) => (host === "rebound.example" ? target : undefined);
    const read = await runInPage(script, () => "http://rebound.example/page", route);
    expect(read).toEqual([421, expect.stringContaining("rebound.example"), 421]);
    expect(called).toEqual([]);
  });

  it("is served when it belongs to the host of the gateway", async () => {
    const { called, target } = await startGateway({ hosts: ["shop.example"] });
    const script = `const target = ""; ${order}`;
    const route: Route = (host) => (host === "shop.example" ? target : undefined);
    const read = await runInPage(script, () => "http://shop.example/page", route);
    expect(read).toEqual([200, '"ordered"', 200]);
    expect(called).toEqual(['order "emma"', "price"]);
  });
});
