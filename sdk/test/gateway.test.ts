import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type Context, LifecycleError, type NodeConfig, type RunarError } from "runar-ts";
import { crud, type GatewayOptions, gateway, sqlite } from "runar-ts/services";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Answer, ask } from "./http.js";
import { deferred, failure, lanes, makeNode, runProgram, stopNodes } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "runar-ts-gateway-"));

afterEach(stopNodes);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether an address accepts connections. */
function isOpen(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`http://${address}`);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname.replace(/[[\]]/g, ""));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

const math = () => ({
  name: "math-service",
  path: "math",
  actions: {
    add: (a: number, b: number) => a + b,
    one: () => 1,
    double: { params: ["n"], handler: (n = 1) => n * 2 },
    "deep/in/here": () => "deep",
    "item/{id}": (ctx: Context) => ctx.params,
    order: {
      input: z.object({ isbn: z.string(), count: z.number().int() }),
      handler: ({ isbn, count }: { isbn: string; count: number }) => `${count} x ${isbn}`,
    },
    echo: (value: unknown) => value,
    nothing: () => undefined,
    bytes: () => new Uint8Array(2),
    odd: () => ({ list: [Number.NaN, 1, null], when: Number.POSITIVE_INFINITY, n: 2n ** 60n }),
    throws: () => {
      throw new RangeError("out of paper");
    },
    slow: { timeoutMs: 20, handler: () => new Promise(() => {}) },
  },
});

/** The actions of `math` that are called by GET too. */
const safe = ["one", "double", "deep/in/here", "nothing", "odd", "throws", "slow", "bytes"].map(
  (name) => `math/${name}`,
);

async function startGateway(options: Partial<GatewayOptions> = {}, config: NodeConfig = {}) {
  const node = makeNode({}, config);
  const web = gateway({ path: "web", listen: 0, safe, ...options });
  node.addService(web);
  node.addService(math());
  await node.start();
  return { node, web, url: web.url as string, address: web.address as string };
}

describe("a gateway", () => {
  it("maps GET of safe actions to calls without a payload and POST to calls with one", async () => {
    const { url, web, address } = await startGateway();
    expect(url).toBe(`http://${address}`);
    expect(address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    const answers: [Promise<Answer>, unknown][] = [
      [ask(`${url}/math/add`, [2, 3]), 5],
      [ask(`${url}/math/one`), 1],
      [ask(`${url}/math/one`, []), 1],
      [ask(`${url}/math/double`), 2],
      [ask(`${url}/math/double`, { n: 4 }), 8],
      [ask(`${url}/math/deep/in/here`), "deep"],
      [ask(`${url}/math/order`, { isbn: "emma", count: 2 }), "2 x emma"],
      [ask(`${url}/math/echo`, { a: [1, null, { b: "ü" }] }), { a: [1, null, { b: "ü" }] }],
      [ask(`${url}/math/nothing`), null],
    ];
    for (const [answer, value] of answers) {
      const { status, headers, body } = await answer;
      expect({ status, body: JSON.parse(body) }).toEqual({ status: 200, body: value });
      expect(headers["content-type"]).toBe("application/json");
    }
    const odd = await ask(`${url}/math/odd`);
    expect(odd.body).toBe('{"list":[null,1,null],"when":null,"n":1152921504606846976}');
    expect(web.address).toBe(address);
  });

  it("answers failures with 500, the message and the code", async () => {
    const { url } = await startGateway();
    const failures: [Promise<Answer>, string][] = [
      [ask(`${url}/math/throws`), "math/throws: out of paper (ERR_RUNAR_ACTION)"],
      [
        ask(`${url}/math/order`, { isbn: "emma" }),
        "math/order: payload.count: Invalid input: expected number, received undefined (ERR_RUNAR_INVALID_ARGUMENT)",
      ],
      [ask(`${url}/math/slow`), "math/slow: no answer within 20 ms (ERR_RUNAR_TIMEOUT)"],
      [
        ask(`${url}/math/bytes`),
        "math/bytes: the result is no JSON: it holds bytes; return them as text, in base64 (ERR_RUNAR_VALUE)",
      ],
    ];
    for (const [answer, message] of failures) {
      const { status, body } = await answer;
      expect({ status, body }).toEqual({ status: 500, body: `Service request error: ${message}` });
    }
    expect((await ask(`${url}/math/nope`)).status).toBe(404);
    expect((await ask(`${url}/`)).status).toBe(404);
  });

  it("answers other requests with their own status codes", async () => {
    const { url } = await startGateway();
    const post = (headers: Record<string, string>, body: string) =>
      fetch(`${url}/math/echo`, { method: "POST", headers, body }).then(({ status }) => status);
    const json = { "content-type": "application/json" };
    expect(await post(json, '"fine"')).toBe(200);
    expect(await post(json, "no json")).toBe(400);
    expect(await post({}, '"no type"')).toBe(415);
    expect(await post(json, JSON.stringify("x".repeat(2 * 1024 * 1024)))).toBe(413);
    expect((await fetch(`${url}/math/echo`, { method: "PUT" })).status).toBe(405);
  });

  it("does not expose internal services, keys and databases", async () => {
    const node = makeNode();
    const web = gateway({ path: "web", listen: 0, safe });
    const db = sqlite({ path: "db", file: ":memory:", schema: { tables: {} } });
    for (const service of [db, math(), web]) node.addService(service);
    await node.start();
    const core = ["$registry/services/list", "$keys/ensure_symmetric_key", "$streams/read"];
    for (const path of ["db/query", "db/execute", ...core, "%24keys/ensure_symmetric_key", "web"]) {
      expect((await ask(`${web.url}/${path}`, ["SELECT 1"])).status).toBe(404);
      expect((await ask(`${web.url}/${path}`)).status).toBe(404);
    }
    expect((await ask(`${web.url}/math/one`)).body).toBe("1");
  });

  it("exposes only the configured services", async () => {
    const node = makeNode();
    const web = gateway({ path: "web", listen: 0, services: ["db"] });
    const db = sqlite({ path: "db", file: ":memory:", schema: { tables: {} } });
    for (const service of [db, math(), web]) node.addService(service);
    await node.start();
    const { status, body } = await ask(`${web.url}/db/query`, ["SELECT ? AS n", [7]]);
    expect({ status, body }).toEqual({ status: 200, body: '[{"n":7}]' });
    expect((await ask(`${web.url}/math/one`)).status).toBe(404);
    expect((await ask(`${web.url}/db/query`)).status).toBe(405);
  });

  it("prevents other origins from reading answers", async () => {
    const { url } = await startGateway();
    const { headers } = await ask(`${url}/math/one`);
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  it("aborts the handler when the client disconnects", async () => {
    const gone = deferred<unknown>();
    const running = deferred();
    const node = makeNode();
    const web = gateway({ path: "web", listen: 0, safe: ["a/wait"] });
    node.addService(web);
    node.addService({
      name: "a",
      path: "a",
      actions: {
        wait: (ctx: Context) => {
          ctx.signal.addEventListener("abort", () => gone.resolve(ctx.signal.reason.name));
          running.resolve();
          return gone.promise;
        },
      },
    });
    await node.start();
    const asked = request(`${web.url}/a/wait`);
    asked.on("error", () => {});
    asked.end();
    await running.promise;
    asked.destroy();
    expect(await gone.promise).toBe("AbortError");
  });

  it("listens on IPv6, and on every interface with a warning", async () => {
    const { url, node } = await startGateway({ listen: "[::1]:0" });
    expect(url).toMatch(/^http:\/\/\[::1]:/);
    expect((await ask(`${url}/math/one`)).body).toBe("1");
    expect(node.records).toEqual([]);
    const open = await startGateway({ listen: "0.0.0.0:0" });
    const [warning] = open.node.records.filter(({ level }) => level === "warn");
    expect(warning).toMatchObject({ service: "web" });
    expect(warning?.message).toMatch(/^listens on 0\.0\.0\.0:\d+: whoever can reach it/);
  });
});

describe("the port of a gateway", () => {
  it("closes on stop and reopens on start", async () => {
    const first = await startGateway();
    const { address } = first;
    await first.node.stop();
    expect(first.web.address).toBeUndefined();
    expect(await isOpen(address)).toBe(false);
    const port = Number(new URL(`http://${address}`).port);
    const { node, web } = await startGateway({ listen: port });
    for (let run = 0; run < 5; run++) {
      expect(web.address).toBe(address);
      expect((await ask(`${web.url}/math/one`)).body).toBe("1");
      await node.stop();
      expect(await isOpen(address)).toBe(false);
      await node.start();
    }
    await node.removeService("web");
    expect(await isOpen(address)).toBe(false);
    expect(await node.request("math/one")).toBe(1);
    await node.addService(gateway({ path: "web", listen: port, safe }));
    expect((await ask(`http://${address}/math/one`)).body).toBe("1");
  });

  it("fails the start with a reason while in use, and a later start succeeds", async () => {
    const { server, port } = await occupy();
    const node = makeNode();
    const web = gateway({ path: "web", listen: port });
    node.addService(web);
    const error = await failure(node.start());
    expect(error).toBeInstanceOf(LifecycleError);
    const cause = error.cause as RunarError;
    expect(cause).toMatchObject({
      name: "NetworkError",
      code: "ERR_RUNAR_LISTEN",
      retryable: true,
    });
    expect(cause.message).toMatch(
      new RegExp(`^127\\.0\\.0\\.1:${port} cannot be listened on: .*in use`),
    );
    expect(web.address).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
    await node.start();
    expect(web.address).toBe(`127.0.0.1:${port}`);

    const other = makeNode();
    await other.start();
    const added = await failure(other.addService(gateway({ path: "web", listen: port })));
    expect((added.cause as RunarError).code).toBe("ERR_RUNAR_LISTEN");
  });

  it("closes when the worker thread of its node ends", async () => {
    const sdk = new URL("../dist/", import.meta.url);
    const worker = new Worker(
      `import("${sdk}index.js").then(async ({ Node }) => {
        const { gateway } = await import("${sdk}services/index.js");
        const node = new Node();
        const web = gateway({ path: "web", listen: 0 });
        node.addService(web);
        await node.start();
        require("node:worker_threads").parentPort.postMessage(web.address);
      });`,
      { eval: true },
    );
    const [address] = await once(worker, "message");
    expect(await isOpen(address)).toBe(true);
    await worker.terminate();
    // There is no signal for it: the thread that owned the node is gone.
    await expect.poll(() => isOpen(address)).toBe(false);
  });

  it("keeps the process alive until the node stops", async () => {
    const program = `
      import { gateway } from "runar-ts/services";
      const node = new Node();
      const web = gateway({ path: "web", listen: 0, safe: ["a/one"] });
      node.addService(web);
      node.addService({ name: "a", path: "a", actions: { one: () => 1 } });
      await node.start();
      setTimeout(async () => {
        console.log((await (await fetch(web.url + "/a/one")).text()));
        await node.stop();
        console.log("stopped");
      }, 300).unref();`;
    expect(await runProgram(program)).toMatchObject({
      code: 0,
      signal: null,
      stdout: "1\nstopped\n",
      stderr: "",
    });
  });
});

/** A local port in use. */
function occupy(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve({ server, port: (server.address() as { port: number }).port });
    });
  });
}

describe("stop() during requests", () => {
  it("completes requests in flight", async () => {
    const text = randomBytes(1 << 20).toString("hex");
    const running = deferred();
    const go = deferred();
    const node = makeNode();
    const web = gateway({ path: "web", listen: 0, safe: ["a/wait"] });
    node.addService(web);
    node.addService({
      name: "a",
      path: "a",
      actions: {
        wait: async () => {
          running.resolve();
          await go.promise;
          return text;
        },
      },
    });
    await node.start();
    const { address } = web;
    const answer = ask(`${web.url}/a/wait`);
    await running.promise;
    const stopped = node.stop();
    const late = await ask(`${web.url}/a/wait`);
    expect(late).toMatchObject({
      status: 500,
      body: "Service request error: a/wait: the node is draining (ERR_RUNAR_STOPPED)",
    });
    go.resolve();
    const { status, body } = await answer;
    expect(status).toBe(200);
    expect(JSON.parse(body)).toBe(text);
    await stopped;
    expect(await isOpen(address as string)).toBe(false);
  });

  it("ends requests that outlast the drain with an answer", async () => {
    const running = deferred();
    const node = makeNode();
    const web = gateway({ path: "web", listen: 0, safe: ["a/wait"] });
    node.addService(web);
    const wait = () => {
      running.resolve();
      return new Promise(() => {});
    };
    node.addService({ name: "a", path: "a", actions: { wait } });
    await node.start();
    const answer = ask(`${web.url}/a/wait`);
    await running.promise;
    await node.stop({ drainMs: 10 });
    expect(await answer).toMatchObject({
      status: 500,
      body: "Service request error: The node has stopped (ERR_RUNAR_STOPPED)",
    });
  });

  it("does not wait for idle connections", async () => {
    const { node, url } = await startGateway();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await ask(`${url}/math/one`, undefined, agent)).body).toBe("1");
    await node.stop();
    agent.destroy();
    expect(node.state).toBe("stopped");
  });
});

/** The threads and files of this process. */
const openResources = () => ({
  threads: readdirSync("/proc/self/task")
    .map((task) => readFileSync(`/proc/self/task/${task}/comm`, "utf8").trim())
    .filter((name) => /^runar-(sqlite|gateway)/.test(name)),
  files: readdirSync("/proc/self/fd").length,
});

describe.skipIf(process.platform !== "linux")("starting and stopping", () => {
  it("leaks neither threads nor files", async () => {
    const node = makeNode();
    const schema = { tables: { t: { _id: { type: "text", primaryKey: true } } } } as const;
    const db = sqlite({ path: "db", file: join(folder, "again.db"), schema });
    const documents = crud({ path: "documents", store: db });
    const web = gateway({ path: "web", listen: 0, services: ["documents"] });
    for (const service of [db, documents, web]) node.addService(service);
    const run = async (id: string) => {
      await node.start();
      // A thread has closed its files when stop() settles; the system lists it a moment longer.
      await expect.poll(() => openResources().threads.length).toBe(2);
      expect((await ask(`${web.url}/documents/insertOne`, ["t", { _id: id }])).status).toBe(200);
      await node.stop();
    };
    await run("first");
    await expect.poll(() => openResources().threads).toEqual([]);
    const { files } = openResources();
    for (let round = 0; round < 20; round++) await run(`${round}`);
    await expect.poll(() => openResources().threads).toEqual([]);
    // The client's socket of the first run may have been open still.
    await expect.poll(() => openResources().files).toBeLessThanOrEqual(files);
  });
});

describe.each(lanes)("orders over HTTP, with the %s lane", (localCalls) => {
  it("keeps the right stock over 1,000 concurrent orders and a restart", async () => {
    const db = sqlite({
      path: "db",
      file: join(folder, `${localCalls}.db`),
      pragmas: { journal_mode: "wal", synchronous: "normal" },
      schema: { tables: { stock: { id: { type: "text", primaryKey: true }, copies: "integer" } } },
    });
    const node = makeNode({ localCalls });
    const web = gateway({ path: "web", listen: 0 });
    node.addService(db);
    node.addService({
      name: "orders",
      path: "orders",
      actions: {
        async place(id: string, ctx: Context) {
          const sale = "UPDATE stock SET copies = copies - 1 WHERE id = ? AND copies > 0";
          if ((await db.on(ctx).execute(sale, [id])) === 1) return "sold";
          throw new Error(`${id}: sold out`);
        },
      },
    });
    node.addService(web);
    await node.start();
    await db.on(node).execute("INSERT INTO stock VALUES ('emma', 600), ('dracula', 50)");
    const agent = new Agent({ maxSockets: 100, keepAlive: true });
    const orders = Array.from({ length: 1_000 }, (_, customer) =>
      ask(`${web.url}/orders/place`, [customer % 2 === 0 ? "emma" : "dracula"], agent),
    );
    const answers = await Promise.all(orders);
    agent.destroy();
    expect(answers.filter(({ status, body }) => status === 200 && body === '"sold"').length).toBe(
      550,
    );
    const refused = answers.filter(({ status }) => status === 500);
    expect(new Set(refused.map(({ body }) => body))).toEqual(
      new Set(["Service request error: orders/place: dracula: sold out (ERR_RUNAR_ACTION)"]),
    );
    for (let run = 0; run < 2; run++) {
      expect(await db.on(node).query("SELECT * FROM stock ORDER BY id")).toEqual([
        { copies: 0, id: "dracula" },
        { copies: 100, id: "emma" },
      ]);
      await node.stop();
      await node.start();
    }
    expect((await ask(`${web.url}/orders/place`, ["emma"])).body).toBe('"sold"');
  });
});
