/** Who gets an answer of a gateway: by `Host`, origin, token and function, and how much of it. */

import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import type { Context } from "runar-ts";
import { type GatewayOptions, type GatewayRequest, gateway } from "runar-ts/services";
import { afterEach, describe, expect, it } from "vitest";
import { deferred, makeNode, stopNodes } from "./support.js";

afterEach(stopNodes);

async function start(options: Partial<GatewayOptions> = {}) {
  const node = makeNode();
  const web = gateway({ path: "web", listen: 0, safe: ["a/safe"], ...options });
  const calls: unknown[] = [];
  const note = (value: unknown) => {
    calls.push(value);
    return value;
  };
  node.addService(web);
  node.addService({
    name: "a",
    path: "a",
    actions: {
      safe: () => note("safe"),
      note,
      "item/{id}": (ctx: Context) => ctx.params,
      "item/{id}/of/{shop}": (ctx: Context) => ctx.params,
    },
  });
  await node.start();
  const { port } = new URL(web.url as string);
  return { node, web, calls, port: Number(port) };
}

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

interface Given {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** With headers that `fetch` would not let one set, and a path as it is written. */
function ask(port: number, path: string, asked: Asked = {}): Promise<Given> {
  const { method = "POST", body = "[]" } = asked;
  const headers = { "content-type": "application/json", ...asked.headers };
  const options = { host: "127.0.0.1", port, path, method, headers, agent: false };
  return new Promise((resolve, reject) => {
    const sent = request(options, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
    });
    sent.on("error", reject);
    sent.end(method === "GET" || method === "HEAD" || method === "OPTIONS" ? undefined : body);
  });
}

describe("the methods of a gateway", () => {
  it("are GET and HEAD for safe actions alone", async () => {
    const { port, calls } = await start();
    const statuses = async (path: string) => {
      const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];
      const answers = methods.map(async (method) => (await ask(port, path, { method })).status);
      return Promise.all(answers);
    };
    expect(await statuses("/a/safe")).toEqual([200, 200, 200, 405, 405, 405]);
    expect(calls).toEqual(["safe", "safe", "safe"]);
    expect(await statuses("/a/note")).toEqual([405, 405, 200, 405, 405, 405]);
    expect(calls.length).toBe(4);
    const { headers } = await ask(port, "/a/note", { method: "GET" });
    expect(headers.allow).toBe("POST, OPTIONS");
    const options = await ask(port, "/a/safe", { method: "OPTIONS" });
    expect(options).toMatchObject({ status: 204, headers: { allow: "GET, HEAD, POST, OPTIONS" } });
    const head = await ask(port, "/a/safe", { method: "HEAD" });
    expect(head).toMatchObject({ body: "", headers: { "content-length": "6" } });
  });
});

describe("the path of a request", () => {
  it.each([
    ["7", "7"],
    ["user:7", "user:7"],
    ["urn:isbn:0451450523", "urn:isbn:0451450523"],
    ["::1", "::1"],
    ["a%20b", "a b"],
    ["a+b", "a+b"],
    ["%C3%BC", "ü"],
    ["%2520", "%20"],
    ["%7Bid%7D", "{id}"],
    ["7?id=8#9", "7"],
  ])("%s gives the same parameter as a call by path", async (segment, id) => {
    const { port, node } = await start({ safe: ["a/item/{id}"] });
    for (const asked of [{ method: "POST" }, { method: "GET" }]) {
      const { status, body } = await ask(port, `/a/item/${segment}`, asked);
      expect({ status, params: JSON.parse(body) }).toEqual({ status: 200, params: { id } });
    }
    expect(await node.request(`a/item/${id}`)).toEqual({ id });
    const path = `/a/item/${segment.split("?")[0]}/of/x`;
    const two = await ask(port, path);
    expect(JSON.parse(two.body)).toEqual({ id, shop: "x" });
    expect((await ask(port, path, { method: "GET" })).status).toBe(405);
  });

  it.each([
    ["a%2Fb", 404],
    ["", 404],
    ["%2A", 404],
    ["a%3Eb", 404],
    ["%00", 400],
    ["%0Ax", 400],
    ["%", 400],
    ["%fz", 400],
    ["%ff", 400],
  ])("%s is refused with %i", async (segment, status) => {
    const { port } = await start();
    expect((await ask(port, `/a/item/${segment}`)).status).toBe(status);
  });
});

describe("a request for another host", () => {
  it("is refused, and so is one from a page of another origin", async () => {
    const { port, calls } = await start();
    const own = `http://127.0.0.1:${port}`;
    const cases: [Record<string, string>, number][] = [
      [{}, 200],
      [{ host: `localhost:${port}` }, 200],
      [{ host: `[::1]:${port}` }, 200],
      [{ host: "evil.example" }, 421],
      [{ host: `evil.example:${port}` }, 421],
      [{ host: "localhost" }, 421],
      [{ origin: own }, 200],
      [{ origin: "null" }, 403],
      [{ origin: "https://evil.example" }, 403],
      [{ origin: `http://localhost:${port}` }, 403],
      [{ "sec-fetch-site": "same-origin" }, 200],
      [{ "sec-fetch-site": "none" }, 200],
      [{ "sec-fetch-site": "cross-site" }, 403],
      [{ "sec-fetch-site": "same-site" }, 403],
    ];
    for (const [headers, status] of cases) {
      for (const method of ["GET", "POST"]) {
        const answer = await ask(port, "/a/safe", { method, headers });
        expect([headers, method, answer.status]).toEqual([headers, method, status]);
        expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
      }
    }
    expect(calls.length).toBe(2 * cases.filter(([, status]) => status === 200).length);
  });

  it("is answered when the host is listed", async () => {
    const { port } = await start({ hosts: ["shop.example"] });
    for (const host of ["shop.example", "SHOP.example:443", `127.0.0.1:${port}`]) {
      expect((await ask(port, "/a/safe", { headers: { host } })).status).toBe(200);
    }
    const headers = { host: "shop.example", origin: "https://shop.example" };
    expect((await ask(port, "/a/safe", { headers })).status).toBe(200);
  });

  it("from a listed origin is answered with CORS headers", async () => {
    const origin = "https://app.example";
    const { port } = await start({ origins: [origin] });
    const preflight = await ask(port, "/a/note", {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
    expect(preflight).toMatchObject({
      status: 204,
      headers: {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
        "access-control-allow-headers": "content-type",
        vary: "origin",
      },
    });
    for (const [path, status] of [
      ["/a/note", 200],
      ["/a/none", 404],
    ] as const) {
      const headers = { origin, "sec-fetch-site": "cross-site" };
      const answer = await ask(port, path, { headers });
      expect(answer.status).toBe(status);
      expect(answer.headers["access-control-allow-origin"]).toBe(origin);
      expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
    }
    const other = await ask(port, "/a/note", { headers: { origin: "https://evil.example" } });
    expect(other).toMatchObject({ status: 403, headers: { vary: "origin" } });
    expect(other.headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("a gateway with a token", () => {
  it("answers requests that have it and reveals nothing to others", async () => {
    const token = "0123456789abcdef";
    const { port, calls, node } = await start({ token, listen: "0.0.0.0:0" });
    // It asks who they are, so there is nothing to warn of.
    expect(node.records).toEqual([]);
    for (const path of ["/a/safe", "/a/none"]) {
      for (const authorization of ["", `Bearer ${token}0`, `Basic ${token}`, token]) {
        const answer = await ask(port, path, { headers: authorization ? { authorization } : {} });
        expect(answer).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
      }
    }
    expect(calls).toEqual([]);
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask(port, "/a/safe", { headers })).status).toBe(200);
    expect((await ask(port, "/a/none", { headers })).status).toBe(404);
  });
});

describe("a gateway that authenticates", () => {
  it("passes the request before its body has arrived", async () => {
    const seen: GatewayRequest[] = [];
    const asked = deferred();
    const { port, calls } = await start({
      authenticate: (request) => {
        seen.push(request);
        asked.resolve();
        return request.headers["x-user"] === "ada";
      },
    });
    const socket = connect(port, "127.0.0.1");
    socket.write(
      `POST /a/item/a%20b HTTP/1.1\r\nHost: localhost:${port}\r\nX-User: bob\r\nx-user: eve\r\n` +
        "Cookie: a=1\r\ncookie: b=2\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n",
    );
    await asked.promise;
    socket.destroy();
    expect(seen).toEqual([
      {
        method: "POST",
        path: "a/item/a b",
        headers: {
          host: `localhost:${port}`,
          "x-user": "bob, eve",
          cookie: "a=1; b=2",
          "content-type": "application/json",
          "content-length": "9",
        },
        remoteAddress: "127.0.0.1",
      },
    ]);
    // Whatever comes behind: nothing is told of the path, and of no other thing.
    for (const path of ["/a/note", "/a/none"]) {
      expect((await ask(port, path, { body: "no json" })).status).toBe(401);
    }
    expect(calls).toEqual([]);
    const headers = { "x-user": "ada" };
    expect((await ask(port, "/a/note", { headers, body: "[1]" })).status).toBe(200);
    expect(calls).toEqual([1]);
  });

  it.each<[unknown, number]>([
    [true, 200],
    [{ user: "ada" }, 200],
    [Promise.resolve({ user: "ada" }), 200],
    [false, 401],
    [null, 401],
    [undefined, 401],
    ["yes", 401],
    [1, 401],
    [Promise.resolve("true"), 401],
  ])("takes %o for an answer of %i", async (answer, status) => {
    const { port, node } = await start({ authenticate: () => answer as boolean });
    expect((await ask(port, "/a/safe")).status).toBe(status);
    expect(node.records.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("refuses the request when the function fails, and logs the failure", async () => {
    for (const authenticate of [
      () => {
        throw new Error("no database");
      },
      () => Promise.reject(new Error("no database")),
    ]) {
      const { port, node, calls } = await start({ authenticate });
      const { status, body } = await ask(port, "/a/safe");
      expect({ status, body }).toEqual({ status: 401, body: "the request was not authenticated" });
      expect(calls).toEqual([]);
      await expect
        .poll(() => node.records.map(({ message }) => message).join())
        .toContain("web: authenticate failed: no database");
    }
  });

  it("refuses the request when the function does not answer in time", async () => {
    const authenticate = () => new Promise<boolean>(() => {});
    const { port } = await start({ authenticate, bodyTimeoutMs: 50 });
    expect((await ask(port, "/a/safe")).status).toBe(401);
  });
});

describe("an answer in JSON", () => {
  it("has the code and the message, for clients that accept JSON", async () => {
    const { port } = await start();
    const headers = { accept: "text/html, application/json;q=0.9" };
    const { status, body } = await ask(port, "/a/none", { headers });
    expect({ status, body: JSON.parse(body) }).toEqual({
      status: 404,
      body: {
        error: {
          code: "ERR_RUNAR_NOT_FOUND",
          message: "no action has this path",
          retryable: false,
        },
      },
    });
  });
});

describe("600 half-sent requests", () => {
  it("are dropped in time while other clients are served", async () => {
    const { port } = await start({ headersTimeoutMs: 500, maxConnections: 500 });
    const times = Array.from({ length: 600 }, () => {
      const socket = connect(port, "127.0.0.1");
      let connected = 0;
      socket.on("connect", () => {
        connected = performance.now();
        socket.write("POST /a/note HTTP/1.1\r\nHost: loc");
      });
      socket.on("error", () => {});
      socket.resume();
      return new Promise<number>((resolve) => {
        socket.on("close", () => resolve(performance.now() - connected));
      });
    });
    let dropped = false;
    const all = Promise.all(times).then((all) => {
      dropped = true;
      return Math.max(...all);
    });
    let served = 0;
    while (!dropped) {
      expect((await ask(port, "/a/note")).status).toBe(200);
      served++;
    }
    // The rest is for a machine that is busy.
    expect(await all).toBeLessThan(500 + 1_500);
    expect(served).toBeGreaterThan(0);
  });
});
