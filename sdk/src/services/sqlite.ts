/** SQLite databases as services: `runar_services`, with SQLCipher for encrypted files. */

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { CallOptions } from "../api/call-options.js";
import {
  type Caller,
  HOSTING,
  type Hosting,
  RustService,
  type RustServiceOptions,
} from "../api/rust-service.js";
import { createError } from "../errors/errors.js";
import { checkObject, checkOptions, kindOf, refuse } from "../validation/validator.js";
import { describeSchema, type HasSchema, type Schema } from "./schema.js";

const CODE = "ERR_RUNAR_SERVICE_DEFINITION";
const KEYS = ["path", "name", "description", "file", "schema", "pragmas", "encrypted"];
const KEY_BYTES = 32;

/** What SQLite gives for a column. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/**
 * What a `?` of a statement can stand for. A whole number becomes an INTEGER, another a REAL, a bigint
 * an INTEGER, a boolean 0 or 1, a Uint8Array a BLOB.
 */
export type SqlParameter = SqlValue | boolean;

/** A database of a node. */
export interface SqliteOptions<S extends Schema> extends RustServiceOptions {
  /**
   * The file, made when it is not there; its folder must be. A relative path begins at the current
   * folder. `:memory:` is a database that lasts from start to stop.
   */
  file: string | URL;
  /** The tables and indexes that are made when they are missing. */
  schema: S;
  /**
   * Set each time the database is opened, for example
   * `{ journal_mode: "wal", synchronous: "normal", foreign_keys: true }`.
   */
  pragmas?: Readonly<Record<string, string | number | boolean>>;
  /** Encrypts the file with SQLCipher. */
  encrypted?: {
    /** 32 random bytes. Without them the data cannot be read. */
    key: Uint8Array;
  };
}

/**
 * A SQLite database as a service. Its statements run one after the other on a thread of their own.
 *
 * @example
 * const db = sqlite({
 *   path: "db",
 *   file: "shop.db",
 *   schema: {
 *     tables: {
 *       stock: {
 *         id: { type: "text", primaryKey: true },
 *         copies: { type: "integer", notNull: true },
 *         note: "text",
 *       },
 *     },
 *   },
 * });
 * node.addService(db);
 * await node.start();
 *
 * const shelf = db.on(node);
 * await shelf.execute("INSERT INTO stock (id, copies) VALUES (?, ?)", ["emma", 3]);
 * const rows = await shelf.query<RowOf<typeof db, "stock">>("SELECT * FROM stock");
 *
 * @throws ServiceDefinitionError, naming the key that is wrong.
 */
export function sqlite<const S extends Schema>(options: SqliteOptions<S>): SqliteService<S> {
  return new SqliteService(options);
}

/** A database that `sqlite` describes. Made by `sqlite` alone. */
export class SqliteService<S extends Schema = Schema> extends RustService implements HasSchema<S> {
  /** The tables and indexes, as they were given. */
  readonly schema: S;
  /** @internal */
  readonly [HOSTING]: Hosting;

  constructor(options: SqliteOptions<S>) {
    checkOptions(options, KEYS, "sqlite", CODE);
    super(options);
    this.schema = options.schema;
    this[HOSTING] = {
      config: {
        kind: "sqlite",
        file: fileOf(options.file),
        schema: describeSchema(options.schema, "sqlite.schema"),
        pragmas: pragmasOf(options.pragmas ?? {}),
        key: keyOf(options.encrypted),
      },
    };
  }

  /**
   * The database for calls of a node, or of a handler: then on behalf of its own call.
   *
   * @example
   * const rows = await db.on(ctx).query("SELECT * FROM stock WHERE copies > ?", [0]);
   */
  on(caller: Caller): Database {
    return new Database(caller, this.path);
  }
}

/** Sends statements to a database. A statement that has begun runs to its end, even after a timeout. */
export class Database {
  readonly #caller: Caller;
  readonly #path: string;

  constructor(caller: Caller, path: string) {
    this.#caller = caller;
    this.#path = path;
  }

  /**
   * The rows of a statement that has some: SELECT, WITH, VALUES, PRAGMA, EXPLAIN, or a change with
   * RETURNING. A row is an object with the columns in alphabetical order; of two columns with the
   * same name there is one.
   *
   * @throws SqlError with what SQLite says of the statement; InvalidArgumentError for a parameter
   * that SQLite cannot keep, and for a statement without rows.
   *
   * @example
   * const rows = await db.on(ctx).query<{ id: string }>("SELECT id FROM stock WHERE copies > ?", [0]);
   */
  query<Row extends object = Record<string, SqlValue>>(
    sql: string,
    parameters: readonly SqlParameter[] = [],
    options?: CallOptions,
  ): Promise<Row[]> {
    return this.#send<Row[]>("query", sql, parameters, options);
  }

  /**
   * Runs a statement that has no rows, and returns how many rows it has changed.
   *
   * @throws SqlError with what SQLite says of the statement, `ERR_RUNAR_SQL_CONSTRAINT` for a key
   * that is there already; InvalidArgumentError as for `query`.
   *
   * @example
   * const taken = await db.on(ctx).execute(
   *   "UPDATE stock SET copies = copies - 1 WHERE id = ? AND copies > 0",
   *   [id],
   * );
   */
  execute(
    sql: string,
    parameters: readonly SqlParameter[] = [],
    options?: CallOptions,
  ): Promise<number> {
    return this.#send<number>("execute", sql, parameters, options);
  }

  async #send<Result>(
    action: "query" | "execute",
    sql: string,
    parameters: readonly SqlParameter[],
    options: CallOptions | undefined,
  ): Promise<Result> {
    checkParameters(parameters);
    return this.#caller.request<Result>(`${this.#path}/${action}`, [sql, parameters], options);
  }
}

/** Refuses `undefined` among parameters: in Rust it would become NULL. */
function checkParameters(parameters: unknown): void {
  if (!Array.isArray(parameters)) {
    throw createError(
      "ERR_RUNAR_INVALID_ARGUMENT",
      `parameters: expected an array, got ${kindOf(parameters)}`,
    );
  }
  const missing = parameters.indexOf(undefined);
  if (missing < 0) return;
  refuse(`params[${missing}]`, "undefined cannot be kept; send null");
}

function refuseDefinition(where: string, what: string): never {
  return refuse(where, what, CODE);
}

function fileOf(file: unknown): string {
  const name = file instanceof URL ? fileURLToPath(file) : file;
  if (typeof name !== "string" || name === "") {
    refuseDefinition("sqlite.file", `expected a path or a file URL, got ${kindOf(name)}`);
  }
  return name === ":memory:" ? name : resolve(name);
}

/** As they are written in SQL, which takes no parameters here. */
function pragmasOf(pragmas: unknown): [string, string][] {
  checkObject(pragmas, "sqlite.pragmas", CODE);
  return Object.entries(pragmas).map(([name, value]) => {
    const where = `sqlite.pragmas.${name}`;
    if (!/^\w+$/.test(name)) refuseDefinition(where, "is no name of a pragma");
    if (typeof value === "boolean") return [name, value ? "ON" : "OFF"];
    if (Number.isSafeInteger(value) || /^\w+$/.test(String(value))) return [name, String(value)];
    return refuseDefinition(
      where,
      `expected a word, a whole number or a boolean, got ${kindOf(value)}`,
    );
  });
}

function keyOf(encrypted: unknown): number[] | undefined {
  if (encrypted === undefined) return undefined;
  checkOptions(encrypted, ["key"], "sqlite.encrypted", CODE);
  const { key } = encrypted as { key?: unknown };
  if (!(key instanceof Uint8Array) || key.length !== KEY_BYTES) {
    refuseDefinition("sqlite.encrypted.key", `expected a Uint8Array of ${KEY_BYTES} bytes`);
  }
  return [...key];
}
