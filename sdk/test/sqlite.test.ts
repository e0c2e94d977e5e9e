import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import {
  type Context,
  LifecycleError,
  type Node,
  type NodeConfig,
  type RunarError,
} from "runar-ts";
import { type RowOf, type SqliteOptions, type SqlParameter, sqlite } from "runar-ts/services";
import { afterAll, afterEach, describe, expect, expectTypeOf, it } from "vitest";
import { failure, lanes, makeNode, runProgram, stopNodes, thrown } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "runar-ts-sqlite-"));
let files = 0;
const newFile = () => join(folder, `${++files}.db`);

afterEach(stopNodes);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schema = {
  tables: {
    stock: {
      id: { type: "text", primaryKey: true },
      copies: { type: "integer", notNull: true },
      price: "real",
      cover: "blob",
      sold: "boolean",
    },
    // Names that are SQL keywords.
    order: { group: { type: "integer", primaryKey: true, autoincrement: true }, select: "text" },
  },
  indexes: { "by price": { table: "stock", columns: ["price", "id"], unique: true } },
} as const;

const makeDb = (options: Partial<SqliteOptions<typeof schema>> = {}) =>
  sqlite({ path: "db", file: ":memory:", schema, ...options });

async function startDb(options: Partial<SqliteOptions<typeof schema>> = {}) {
  const node = makeNode();
  const service = makeDb(options);
  node.addService(service);
  await node.start();
  return { node, service, db: service.on(node) };
}

/** The cause of a failed start. */
async function startFailure(node: Node): Promise<RunarError> {
  const error = await failure(node.start());
  expect(error).toBeInstanceOf(LifecycleError);
  expect(error.code).toBe("ERR_RUNAR_START_FAILED");
  return error.cause as RunarError;
}

describe("a database", () => {
  it("keeps and returns values of each type", async () => {
    const { db } = await startDb();
    const values: [SqlParameter, unknown][] = [
      [null, null],
      [0, 0],
      [-7, -7],
      [2.5, 2.5],
      [2 ** 53, 2 ** 53],
      [2n ** 62n, 2n ** 62n],
      [-(2n ** 63n), -(2n ** 63n)],
      [5n, 5],
      [1e300, 1e300],
      [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
      [true, 1],
      [false, 0],
      ["", ""],
      ["naïve 漢字 🦉", "naïve 漢字 🦉"],
      [new Uint8Array([0, 255, 1]), new Uint8Array([0, 255, 1])],
      [new Uint8Array(), new Uint8Array()],
    ];
    for (const [sent, kept] of values) {
      expect(await db.query("SELECT ? AS value", [sent])).toEqual([{ value: kept }]);
    }
    const all = values.map(([sent]) => sent);
    const columns = all.map((_, index) => `? AS c${index}`).join(", ");
    const [row] = await db.query(`SELECT ${columns}`, all);
    expect(row).toEqual(Object.fromEntries(values.map(([, kept], index) => [`c${index}`, kept])));
  });

  it("distinguishes integers and reals by value", async () => {
    const { db } = await startDb();
    const types = await db.query("SELECT typeof(?) a, typeof(?) b, typeof(?) c", [5, 5.5, 5n]);
    expect(types).toEqual([{ a: "integer", b: "real", c: "integer" }]);
  });

  it("returns rows with the types of its schema", async () => {
    const { db, service } = await startDb();
    type Stock = RowOf<typeof service, "stock">;
    expectTypeOf<Stock>().toEqualTypeOf<{
      id: string;
      copies: number;
      price: number | null;
      cover: Uint8Array | null;
      sold: 0 | 1 | null;
    }>();
    await db.execute("INSERT INTO stock (id, copies, sold) VALUES (?, ?, ?)", ["emma", 3, true]);
    const rows = await db.query<Stock>("SELECT * FROM stock");
    expect(rows).toEqual([{ id: "emma", copies: 3, price: null, cover: null, sold: 1 }]);
  });

  it("creates tables and indexes named like SQL keywords", async () => {
    const { db } = await startDb();
    await db.execute(`INSERT INTO "order" ("select") VALUES (?)`, ["all"]);
    expect(await db.query(`SELECT * FROM "order"`)).toEqual([{ group: 1, select: "all" }]);
    const indexes = await db.query(
      "SELECT name FROM sqlite_master WHERE type = 'index' AND sql > ''",
    );
    expect(indexes).toEqual([{ name: "by price" }]);
  });

  it("returns the rows of every statement", async () => {
    const { db } = await startDb();
    await db.execute("INSERT INTO stock (id, copies) VALUES ('a', 1), ('b', 2)");
    const query = (sql: string) => db.query(sql);
    expect(await query("/* rows */ select id from stock where copies > 1;")).toEqual([{ id: "b" }]);
    expect(await query("VALUES (7)")).toEqual([{ column1: 7 }]);
    expect(await query("WITH t AS (SELECT max(copies) m FROM stock) SELECT m FROM t")).toEqual([
      { m: 2 },
    ]);
    expect(await query("PRAGMA user_version")).toEqual([{ user_version: 0 }]);
    const sold = "UPDATE stock SET copies = copies - 1 WHERE id = 'a' RETURNING copies";
    expect(await query(sold)).toEqual([{ copies: 0 }]);
    expect(await query("SELECT copies FROM stock WHERE id = 'a'")).toEqual([{ copies: 0 }]);
    expect(await query("SELECT * FROM stock WHERE id = 'z'")).toEqual([]);
  });

  it("counts the rows that a statement changes", async () => {
    const { db } = await startDb();
    const insert = "INSERT INTO stock (id, copies) VALUES ('a', 1), ('b', 2), ('c', 2)";
    expect(await db.execute(insert)).toBe(3);
    expect(await db.execute("UPDATE stock SET copies = 9 WHERE copies = ?", [2])).toBe(2);
    expect(await db.execute("DELETE FROM stock WHERE id = 'z'")).toBe(0);
    expect(
      await db.execute("WITH old AS (SELECT 'a' AS id) DELETE FROM stock WHERE id IN old"),
    ).toBe(1);
  });

  it("refuses unsupported statements before they run", async () => {
    const { db } = await startDb();
    await db.execute("INSERT INTO stock (id, copies) VALUES ('a', 1)");
    const refused: [() => Promise<unknown>, string][] = [
      [
        () => db.query("DELETE FROM stock"),
        "db/query: this DELETE returns no rows; send it with execute",
      ],
      [
        () => db.execute("DELETE FROM stock RETURNING id"),
        "db/execute: this DELETE returns rows; send it with query",
      ],
      [() => db.execute("SELECT 1"), "db/execute: this SELECT returns rows; send it with query"],
      [
        () => db.query("SELECT 1; DELETE FROM stock"),
        "db/query: more than one statement; send them one by one",
      ],
      [() => db.execute(""), "db/execute: there is no statement"],
      [
        () => db.execute("BEGIN"),
        "db/execute: BEGIN is not possible: all callers share one connection, so a transaction would take in the statements of others. Write the change as one statement",
      ],
      [
        () => db.query("SELECT ?", [2n ** 63n]),
        "db/query: params[0]: 9223372036854775808 is beyond the integers of SQLite (i64)",
      ],
      [
        () => db.query("SELECT ?", [Number.NaN]),
        "db/query: params[0]: SQLite would keep NaN as NULL; send null",
      ],
      [
        () => db.query("SELECT ?", [{ a: 1 } as never]),
        "db/query: params[0]: SQLite keeps no object; send it as JSON text",
      ],
      [
        () => db.query("SELECT ?", [undefined as never]),
        "params[0]: undefined cannot be kept; send null",
      ],
      [() => db.query("SELECT ?", "x" as never), "parameters: expected an array, got a string"],
    ];
    for (const [call, message] of refused) {
      const error = await failure(call());
      expect(error.message).toBe(message);
      expect(error.code).toBe("ERR_RUNAR_INVALID_ARGUMENT");
    }
    expect(await db.query("SELECT count(*) n FROM stock")).toEqual([{ n: 1 }]);
  });

  it("reports errors of SQLite by code", async () => {
    const { db } = await startDb();
    await db.execute("INSERT INTO stock (id, copies) VALUES ('a', 1)");
    const said: [string, SqlParameter[], string, string][] = [
      ["SELEC 1", [], "ERR_RUNAR_SQL", 'near "SELEC": syntax error'],
      ["SELECT * FROM nowhere", [], "ERR_RUNAR_SQL", "no such table: nowhere"],
      [
        "INSERT INTO stock (id, copies) VALUES ('a', 1)",
        [],
        "ERR_RUNAR_SQL_CONSTRAINT",
        "UNIQUE constraint failed: stock.id",
      ],
      [
        "INSERT INTO stock (id) VALUES (?)",
        ["it's"],
        "ERR_RUNAR_SQL_CONSTRAINT",
        "NOT NULL constraint failed: stock.copies",
      ],
      [
        "INSERT INTO stock (copies) VALUES (1)",
        [],
        "ERR_RUNAR_SQL_CONSTRAINT",
        "NOT NULL constraint failed: stock.id",
      ],
    ];
    for (const [sql, parameters, code, reason] of said) {
      const rows = sql.startsWith("SELECT ");
      const error = await failure(rows ? db.query(sql, parameters) : db.execute(sql, parameters));
      expect(error).toMatchObject({ name: "SqlError", code, details: { sql, reason } });
      expect(error.message).toBe(`db/${rows ? "query" : "execute"}: ${reason}`);
    }
    const wrong = await failure(db.query("SELECT ?, ?", [1]));
    expect(wrong).toMatchObject({ code: "ERR_RUNAR_SQL" });
    expect(wrong.message).toContain("Got 1, needed 2");
  });

  it("logs failing statements only when configured", async () => {
    for (const [config, levels] of [
      [{}, []],
      [{ logging_config: { component_levels: { Database: "error" } } }, ["error"]],
      [{ logging_config: { default_level: "error" } }, ["error"]],
    ] as [NodeConfig, string[]][]) {
      const node = makeNode({}, config);
      const service = makeDb();
      node.addService(service);
      await node.start();
      await failure(service.on(node).execute("DROP TABLE nowhere"));
      await node.stop();
      expect(node.records.map(({ level }) => level)).toEqual(levels);
    }
  });

  it("answers calls by path, by position and by name, like the service of the core", async () => {
    const { node } = await startDb();
    expect(await node.request("db/query", ["SELECT 1 AS one"])).toEqual([{ one: 1 }]);
    const named = { statement: "SELECT ? AS one", params: [1] };
    expect(await node.request("db/query", named)).toEqual([{ one: 1 }]);
    expect(await node.request("db/execute_query", named)).toEqual([{ one: 1 }]);
    const insert = { statement: "INSERT INTO stock (id, copies) VALUES ('a', 1)" };
    expect(await node.request("db/execute_query", insert)).toBe(1);
    expect(await failure(node.request("db/query", 7))).toMatchObject({
      code: "ERR_RUNAR_INVALID_ARGUMENT",
    });
  });

  it("runs within the deadline of the calling handler", async () => {
    const node = makeNode();
    const service = makeDb();
    node.addService(service);
    node.addService({
      name: "shop",
      path: "shop",
      actions: {
        one: async (ctx: Context) => (await service.on(ctx).query("SELECT 1 AS one"))[0],
        slow: { timeoutMs: 50, handler: (ctx: Context) => service.on(ctx).query(SLOW) },
      },
    });
    await node.start();
    expect(await node.request("shop/one")).toEqual({ one: 1 });
    expect((await failure(node.request("shop/slow"))).code).toBe("ERR_RUNAR_TIMEOUT");
  });
});

/** Takes about a second. */
const SLOW = `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)
  SELECT count(*) AS n FROM n`;

describe.each(lanes)("a slow statement on the %s lane", (localCalls) => {
  it("delays neither JavaScript, nor the core, nor another database", async () => {
    const node = makeNode({ localCalls });
    const slow = makeDb();
    const quick = makeDb({ path: "quick" });
    node.addService(slow);
    node.addService(quick);
    node.addService({
      name: "math",
      path: "math",
      actions: { add: (a: number, b: number) => a + b },
    });
    await node.start();
    const other = makeNode({ localCalls });
    await other.start();

    const order: string[] = [];
    const query = slow
      .on(node)
      .query(SLOW)
      .then(() => order.push("slow"));
    for (let round = 0; round < 10; round++) {
      expect(await node.request("math/add", [2, 3])).toBe(5);
      // Both use the single thread of the core.
      expect(await quick.on(node).query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      await other.publish("a/b", 1);
      const late = makeDb({ path: `late${round}` });
      await other.addService(late);
      expect(await late.on(other).query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    }
    order.push("ten rounds of the others");
    await query;
    expect(order).toEqual(["ten rounds of the others", "slow"]);
  });
});

describe("a result with many rows", () => {
  it("does not delay calls of other threads while it is encoded", async () => {
    const { db } = await startDb();
    const sdk = new URL("../dist/", import.meta.url);
    const worker = new Worker(
      `const { parentPort } = require("node:worker_threads");
      import("${sdk}index.js").then(async ({ Node }) => {
        const { sqlite } = await import("${sdk}services/index.js");
        const db = sqlite({ path: "db", file: ":memory:", schema: { tables: {} } });
        const node = new Node();
        node.addService(db);
        await node.start();
        let longest = 0;
        let stopped = false;
        parentPort.once("message", () => (stopped = true));
        parentPort.postMessage("ready");
        while (!stopped) {
          const began = performance.now();
          await db.on(node).query("SELECT 1");
          longest = Math.max(longest, performance.now() - began);
          await new Promise((resolve) => setImmediate(resolve));
        }
        await node.stop();
        parentPort.postMessage(longest);
      });`,
      { eval: true },
    );
    await once(worker, "message");
    const began = performance.now();
    const rows = await db.query(
      `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
      SELECT i, 'row ' || i AS text, i / 7.0 AS real FROM n`,
    );
    const took = performance.now() - began;
    expect(rows.length).toBe(100_000);
    expect(rows.at(-1)).toEqual({ i: 100_000, text: "row 100000", real: 100_000 / 7 });
    worker.postMessage("stop");
    const [longest] = await once(worker, "message");
    // Encoding it on the shared thread would delay all other nodes.
    expect(longest / took).toBeLessThan(0.5);
  });
});

describe("a database file", () => {
  it("keeps its rows across restarts and processes", async () => {
    const file = newFile();
    const { node, db } = await startDb({ file: pathToFileURL(file) });
    await db.execute("INSERT INTO stock (id, copies) VALUES ('a', 1)");
    await node.stop();
    expect(existsSync(`${file}-journal`)).toBe(false);
    expect((await failure(db.query("SELECT 1"))).code).toBe("ERR_RUNAR_STOPPED");
    await node.start();
    expect(await db.query("SELECT id FROM stock")).toEqual([{ id: "a" }]);
    await node.stop();

    const program = `
      import { sqlite } from "runar-ts/services";
      const node = new Node();
      const db = sqlite({ path: "db", file: ${JSON.stringify(file)}, schema: { tables: {} } });
      node.addService(db);
      await node.start();
      console.log(await db.on(node).query("SELECT id, copies FROM stock"));`;
    // A node with a database does not keep the process alive, and the data persists.
    expect(await runProgram(program)).toMatchObject({
      code: 0,
      stdout: "[ { copies: 1, id: 'a' } ]\n",
      stderr: "",
    });
  });

  it("in memory lasts from start to stop", async () => {
    const { node, db } = await startDb();
    await db.execute("INSERT INTO stock (id, copies) VALUES ('a', 1)");
    await node.stop();
    await node.start();
    expect(await db.query("SELECT id FROM stock")).toEqual([]);
  });

  it("closes when the service is removed, and can be added again", async () => {
    const file = newFile();
    const { node, db } = await startDb({ file });
    await db.execute("INSERT INTO stock (id, copies) VALUES ('a', 1)");
    await node.removeService("db");
    rmSync(file);
    expect((await failure(db.query("SELECT 1"))).code).toBe("ERR_RUNAR_NOT_FOUND");
    await node.addService(makeDb({ file }));
    expect(await db.query("SELECT id FROM stock")).toEqual([]);
    await node.removeService("db");
    await node.addService({ name: "db", path: "db", actions: { query: () => "from TypeScript" } });
    expect(await node.request("db/query")).toBe("from TypeScript");
  });

  it("applies its pragmas each time it is opened", async () => {
    const pragmas = { journal_mode: "wal", foreign_keys: true, cache_size: -500 };
    const { node, db } = await startDb({ file: newFile(), pragmas });
    for (let run = 0; run < 2; run++) {
      expect(await db.query("PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
      expect(await db.query("PRAGMA foreign_keys")).toEqual([{ foreign_keys: 1 }]);
      expect(await db.query("PRAGMA cache_size")).toEqual([{ cache_size: -500 }]);
      await node.stop();
      await node.start();
    }
  });

  it("that cannot be opened fails the start with a reason, and a later start can succeed", async () => {
    const file = join(folder, "not", "there.db");
    const node = makeNode();
    node.addService(makeDb({ file }));
    const cause = await startFailure(node);
    expect(cause).toMatchObject({ name: "SqlError", code: "ERR_RUNAR_SQL_FILE" });
    expect(cause.message).toContain(`unable to open database file: ${file}`);

    const text = newFile();
    writeFileSync(text, "this is no database, but it is long enough to be looked at".repeat(20));
    const other = makeNode();
    other.addService(makeDb({ file: text }));
    expect(await startFailure(other)).toMatchObject({
      code: "ERR_RUNAR_SQL_FILE",
      message: "file is not a database",
    });
    rmSync(text);
    await other.start();
    expect(other.state).toBe("running");
  });

  it("fails a service that is added to a running node", async () => {
    const node = makeNode();
    await node.start();
    const error = await failure(node.addService(makeDb({ file: join(folder, "not", "there.db") })));
    expect(error.message).toMatch(/^db: the start hook failed: .*unable to open database file/);
    await node.addService(makeDb());
    expect(await node.request("db/query", ["SELECT 1 AS one"])).toEqual([{ one: 1 }]);
  });

  it("that another connection locks fails as busy and retryable", async () => {
    const file = newFile();
    const { db } = await startDb({ file, pragmas: { busy_timeout: 0, locking_mode: "exclusive" } });
    await db.execute("INSERT INTO stock (id, copies) VALUES ('a', 1)");
    const node = makeNode();
    node.addService(makeDb({ file, pragmas: { busy_timeout: 0 } }));
    expect(await startFailure(node)).toMatchObject({ code: "ERR_RUNAR_SQL_BUSY", retryable: true });
  });

  it("is encrypted and opens only with its key", async () => {
    const file = newFile();
    const key = new Uint8Array(randomBytes(32));
    const { node, db } = await startDb({ file, encrypted: { key } });
    await db.execute("INSERT INTO stock (id, copies) VALUES ('a secret', 1)");
    await node.stop();
    const bytes = readFileSync(file);
    expect(bytes.length).toBeGreaterThan(4096);
    expect(bytes.includes("SQLite format") || bytes.includes("a secret")).toBe(false);
    await node.start();
    expect(await db.query("SELECT id FROM stock")).toEqual([{ id: "a secret" }]);
    await node.stop();
    for (const encrypted of [{ key: new Uint8Array(32) }, undefined]) {
      const other = makeNode();
      other.addService(sqlite({ path: "db", file, schema, ...(encrypted && { encrypted }) }));
      const cause = await startFailure(other);
      expect(cause).toMatchObject({
        code: "ERR_RUNAR_SQL_FILE",
        message: "file is not a database",
      });
    }
  });

  it("completes pending statements on stop", async () => {
    const file = newFile();
    const { node, db } = await startDb({ file, pragmas: { synchronous: "off" } });
    const inserts = Array.from({ length: 100 }, (_, index) =>
      db.execute("INSERT INTO stock (id, copies) VALUES (?, 1)", [`${index}`]),
    );
    await node.stop();
    expect(await Promise.all(inserts)).toEqual(Array(100).fill(1));
    await node.start();
    expect(await db.query("SELECT count(*) n FROM stock")).toEqual([{ n: 100 }]);
  });
});

describe("a Rust service among TypeScript services", () => {
  it("starts and stops in order", async () => {
    const node = makeNode();
    const service = makeDb();
    const seen: string[] = [];
    const bare = (path: string) => ({ name: path, path, actions: {} });
    node.addService({
      ...bare("before"),
      start: async (ctx) => {
        const error = await failure(service.on(ctx).query("SELECT 1"));
        seen.push(`before starts: ${error.code}`);
      },
      stop: async (ctx) => {
        const error = await failure(service.on(ctx).query("SELECT 1"));
        seen.push(`before stops: ${error.code}`);
      },
    });
    node.addService(service);
    node.addService({
      ...bare("after"),
      start: async (ctx) => {
        seen.push(`after starts: ${(await service.on(ctx).query("SELECT 1")).length} row`);
      },
      stop: async (ctx) => {
        seen.push(`after stops: ${(await service.on(ctx).query("SELECT 1")).length} row`);
      },
    });
    await node.start();
    await node.stop();
    expect(seen).toEqual([
      "before starts: ERR_RUNAR_SERVICE_NOT_RUNNING",
      "after starts: 1 row",
      "after stops: 1 row",
      "before stops: ERR_RUNAR_SERVICE_NOT_RUNNING",
    ]);
  });

  it("is listed in the registry and cannot take a used path", async () => {
    const { node } = await startDb();
    const services =
      await node.request<{ service_path: string; actions: { name: string }[] }[]>(
        "$registry/services/list",
      );
    const listed = services.find(({ service_path }) => service_path === "db");
    expect(listed?.actions.map(({ name }) => name).sort()).toEqual([
      "execute",
      "execute_query",
      "query",
    ]);
    for (const service of [makeDb(), { name: "db", path: "db", actions: {} }]) {
      expect(thrown(() => node.addService(service)).code).toBe("ERR_RUNAR_DUPLICATE_SERVICE");
    }
    expect(thrown(() => node.addService(makeDb({ path: "a/b" }))).message).toMatch(
      /^service\.path: "a\/b" is no path of a service/,
    );
  });
});

describe("the definition of a database", () => {
  const tables = { t: { a: "text" } } as const;
  it.each([
    [{ file: "a", schema, fil: 1 }, "sqlite.fil: unknown key, did you mean file?"],
    [{ file: "", schema }, "sqlite.file: expected a path or a file URL, got a string"],
    [{ file: 7, schema }, "sqlite.file: expected a path or a file URL, got a number"],
    [{ file: "a" }, "sqlite.schema: expected an object, got undefined"],
    [
      { file: "a", schema: { tabels: {} } },
      "sqlite.schema.tabels: unknown key, did you mean tables?",
    ],
    [{ file: "a", schema: { tables: { t: {} } } }, "sqlite.schema.tables.t: has no columns"],
    [
      { file: "a", schema: { tables: { t: { a: "date" } } } },
      'sqlite.schema.tables.t.a.type: expected integer, real, text, blob, boolean, got "date"',
    ],
    [
      { file: "a", schema: { tables: { t: { a: { type: "text", notNul: true } } } } },
      "sqlite.schema.tables.t.a.notNul: unknown key, did you mean notNull?",
    ],
    [
      { file: "a", schema: { tables: { t: { a: { type: "text", autoincrement: true } } } } },
      "sqlite.schema.tables.t.a.autoincrement: only an integer primary key can have it",
    ],
    [
      {
        file: "a",
        schema: {
          tables: {
            t: { a: { type: "text", primaryKey: true }, b: { type: "text", primaryKey: true } },
          },
        },
      },
      "sqlite.schema.tables.t: has the primary keys a and b; one is possible",
    ],
    [
      { file: "a", schema: { tables: { 'a"; DROP TABLE b; --': { a: "text" } } } },
      'sqlite.schema.tables.a"; DROP TABLE b; --: "a\\"; DROP TABLE b; --" is no name of SQL: it is empty or holds a " or a NUL',
    ],
    [
      { file: "a", schema: { tables, indexes: { i: { table: "u", columns: ["a"] } } } },
      'sqlite.schema.indexes.i.table: there is no table "u"',
    ],
    [
      { file: "a", schema: { tables, indexes: { i: { table: "t", columns: ["b"] } } } },
      'sqlite.schema.indexes.i.columns: the table t has no column "b"',
    ],
    [
      { file: "a", schema, pragmas: { journal_mode: "wal; DROP TABLE t" } },
      "sqlite.pragmas.journal_mode: expected a word, a whole number or a boolean, got a string",
    ],
    [
      { file: "a", schema, encrypted: { key: new Uint8Array(16) } },
      "sqlite.encrypted.key: expected a Uint8Array of 32 bytes",
    ],
    [{ file: "a", schema, encrypted: true }, "sqlite.encrypted: expected an object, got a boolean"],
  ])("refuses definition %#", (options, message) => {
    const error = thrown(() => sqlite({ path: "db", ...options } as never));
    expect(error).toMatchObject({ code: "ERR_RUNAR_SERVICE_DEFINITION", message });
  });
});
