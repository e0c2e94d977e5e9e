/** The schema of a database, and the types of its rows. */

import { checkObject, checkOptions, kindOf, refuse } from "../validation/validator.js";

const CODE = "ERR_RUNAR_SERVICE_DEFINITION";

/** What a column holds. `boolean` is kept as 0 and 1. */
export type ColumnType = "integer" | "real" | "text" | "blob" | "boolean";

/** A column of a table. */
export interface Column {
  /** What it holds. */
  type: ColumnType;
  /** Identifies the row; never null. One column of a table at the most. */
  primaryKey?: boolean;
  /** For an integer primary key: numbers are never used again, not even those of deleted rows. */
  autoincrement?: boolean;
  /** Whether null is refused. */
  notNull?: boolean;
}

/** The columns of a table by their names; a type alone is a column that may be null. */
export type Table = Readonly<Record<string, Readonly<Column> | ColumnType>>;

/** An index over columns of a table. */
export interface Index {
  /** The table that it is over. */
  table: string;
  /** The columns, the one to look for first coming first. */
  columns: readonly string[];
  /** Whether no two rows may have the same values. */
  unique?: boolean;
}

/**
 * The tables and indexes that a database is to have. Those that are missing are made when the
 * service starts; those that are there stay as they are, whatever the schema says.
 */
export interface Schema {
  /** The tables by their names. */
  tables: Readonly<Record<string, Table>>;
  /** The indexes by their names. */
  indexes?: Readonly<Record<string, Readonly<Index>>>;
}

/** What has a schema: a service that `sqlite` returned. */
export interface HasSchema<S extends Schema = Schema> {
  /** The schema as it was given. */
  readonly schema: S;
}

/** The names of the tables of a schema. */
export type TableName<S extends Schema> = keyof S["tables"] & string;

type TypeOf<C> = C extends ColumnType
  ? C
  : C extends { type: infer T extends ColumnType }
    ? T
    : never;
type IsNeverNull = { readonly primaryKey: true } | { readonly notNull: true };
type OrNull<C> = C extends IsNeverNull ? never : null;

interface SqlTypes {
  integer: number;
  real: number;
  text: string;
  blob: Uint8Array;
  boolean: 0 | 1;
}

type DocumentTypes = Omit<SqlTypes, "boolean"> & { boolean: boolean };

type Values<T extends Table, Types extends Record<ColumnType, unknown>> = {
  -readonly [C in keyof T]: Types[TypeOf<T[C]>] | OrNull<T[C]>;
};

/**
 * A row of a table as `query` returns it. An integer beyond 2^53 arrives as a bigint, which the type
 * does not show.
 *
 * @example
 * type Stock = RowOf<typeof db, "stock">; // { id: string; copies: number; note: string | null }
 */
export type RowOf<D extends HasSchema, T extends TableName<D["schema"]>> = Values<
  D["schema"]["tables"][T],
  SqlTypes
>;

/** The tables that can hold documents: those with a text column `_id`. */
export type CollectionName<S extends Schema> = {
  [T in TableName<S>]: S["tables"][T] extends { readonly _id: unknown } ? T : never;
}[TableName<S>];

/** A document as `findOne` returns it. */
export type DocumentOf<S extends Schema, T extends TableName<S>> = Values<
  S["tables"][T],
  DocumentTypes
>;

type Optional<T extends Table> = {
  [C in keyof T]: T[C] extends { readonly notNull: true } ? (C extends "_id" ? C : never) : C;
}[keyof T];

/** A document as `insertOne` takes it: columns that may be null, and `_id`, can be left out. */
export type NewDocumentOf<S extends Schema, T extends TableName<S>> = Omit<
  DocumentOf<S, T>,
  Optional<S["tables"][T]>
> &
  Partial<Pick<DocumentOf<S, T>, Optional<S["tables"][T]>>>;

const SCHEMA_KEYS = ["tables", "indexes"];
const COLUMN_KEYS = ["type", "primaryKey", "autoincrement", "notNull"];
const INDEX_KEYS = ["table", "columns", "unique"];
/** As the Rust side names the types. */
const TYPES: Record<ColumnType, string> = {
  integer: "Integer",
  real: "Real",
  text: "Text",
  blob: "Blob",
  boolean: "Boolean",
};

function refuseDefinition(where: string, what: string): never {
  return refuse(where, what, CODE);
}

function checkName(name: string, where: string): void {
  if (name === "" || name.includes('"') || name.includes("\0")) {
    refuseDefinition(
      where,
      `${JSON.stringify(name)} is no name of SQL: it is empty or holds a " or a NUL`,
    );
  }
}

function checkFlag(value: unknown, where: string): boolean {
  if (value !== undefined && typeof value !== "boolean") {
    refuseDefinition(where, `expected a boolean, got ${kindOf(value)}`);
  }
  return value ?? false;
}

function columnOf(name: string, given: unknown, where: string) {
  checkName(name, where);
  const column = (typeof given === "string" ? { type: given } : given) as Column;
  checkOptions(column, COLUMN_KEYS, where, CODE);
  if (typeof column.type !== "string" || !Object.hasOwn(TYPES, column.type)) {
    refuseDefinition(
      `${where}.type`,
      `expected ${Object.keys(TYPES).join(", ")}, got ${JSON.stringify(column.type)}`,
    );
  }
  const primaryKey = checkFlag(column.primaryKey, `${where}.primaryKey`);
  const autoincrement = checkFlag(column.autoincrement, `${where}.autoincrement`);
  if (autoincrement && !(primaryKey && column.type === "integer")) {
    refuseDefinition(`${where}.autoincrement`, "only an integer primary key can have it");
  }
  return {
    name,
    data_type: TYPES[column.type],
    primary_key: primaryKey,
    autoincrement,
    // SQLite itself lets primary keys other than integers be null.
    not_null: checkFlag(column.notNull, `${where}.notNull`) || primaryKey,
  };
}

function tableOf(name: string, given: unknown, where: string) {
  checkName(name, where);
  checkObject(given, where, CODE);
  const columns = Object.entries(given).map(([column, is]) =>
    columnOf(column, is, `${where}.${column}`),
  );
  if (columns.length === 0) refuseDefinition(where, "has no columns");
  const keys = columns.filter((column) => column.primary_key).map((column) => column.name);
  if (keys.length > 1)
    refuseDefinition(where, `has the primary keys ${keys.join(" and ")}; one is possible`);
  return { name, columns };
}

function indexOf(name: string, given: unknown, where: string, tables: Schema["tables"]) {
  checkName(name, where);
  checkOptions(given, INDEX_KEYS, where, CODE);
  const { table, columns, unique } = given as Index;
  const indexed = typeof table === "string" && Object.hasOwn(tables, table) && tables[table];
  if (!indexed) refuseDefinition(`${where}.table`, `there is no table ${JSON.stringify(table)}`);
  if (!Array.isArray(columns) || columns.length === 0) {
    refuseDefinition(`${where}.columns`, "expected an array with names of columns");
  }
  for (const column of columns) {
    if (!Object.hasOwn(indexed, column)) {
      refuseDefinition(
        `${where}.columns`,
        `the table ${table} has no column ${JSON.stringify(column)}`,
      );
    }
  }
  return {
    name,
    table_name: table,
    columns,
    unique: checkFlag(unique, `${where}.unique`),
  };
}

/** Checks a schema and writes it as the Rust side reads it. */
export function describeSchema(given: unknown, where: string): object {
  checkOptions(given, SCHEMA_KEYS, where, CODE);
  const { tables, indexes = {} } = given as Schema;
  checkObject(tables, `${where}.tables`, CODE);
  checkObject(indexes, `${where}.indexes`, CODE);
  return {
    tables: Object.entries(tables).map(([name, table]) =>
      tableOf(name, table, `${where}.tables.${name}`),
    ),
    indexes: Object.entries(indexes).map(([name, index]) =>
      indexOf(name, index, `${where}.indexes.${name}`, tables),
    ),
  };
}
