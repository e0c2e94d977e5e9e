/** Documents over a database: `CrudSqliteService` of `runar_services`. */

import type { CallOptions } from "../api/call-options.js";
import {
  type Caller,
  HOSTING,
  type Hosting,
  RustService,
  type RustServiceOptions,
} from "../api/rust-service.js";
import { checkOptions, refuse } from "../validation/validator.js";
import type { CollectionName, DocumentOf, NewDocumentOf, Schema } from "./schema.js";
import { SqliteService } from "./sqlite.js";

const CODE = "ERR_RUNAR_SERVICE_DEFINITION";
const KEYS = ["path", "name", "description", "store"];

/** Documents of a node. */
export interface CrudOptions<S extends Schema> extends RustServiceOptions {
  /** The database that keeps the documents; add it to the node first. */
  store: SqliteService<S>;
}

/**
 * Documents in the tables of a database: each table with a text primary key `_id` is a collection,
 * each of its columns a field. There is what the core offers: to insert one and to find one; the rest
 * is SQL.
 *
 * @example
 * const people = crud({ path: "people", store: db });
 * node.addService(people);
 * const id = await people.on(ctx).insertOne("person", { name: "Ada", knowsRust: true });
 * const ada = await people.on(ctx).findOne("person", { _id: id });
 *
 * @throws ServiceDefinitionError, naming the key that is wrong.
 */
export function crud<S extends Schema>(options: CrudOptions<S>): CrudService<S> {
  return new CrudService(options);
}

/** Documents that `crud` describes. Made by `crud` alone. */
export class CrudService<S extends Schema = Schema> extends RustService {
  /** @internal */
  readonly [HOSTING]: Hosting;

  constructor(options: CrudOptions<S>) {
    checkOptions(options, KEYS, "crud", CODE);
    super(options);
    const { store } = options;
    if (!(store instanceof SqliteService)) {
      refuse("crud.store", "expected what sqlite() returns", CODE);
    }
    this[HOSTING] = { config: { kind: "crud", store: store.path } };
  }

  /**
   * The documents for calls of a node, or of a handler: then on behalf of its own call.
   *
   * @example
   * const emma = await documents.on(ctx).findOne("books", { _id: "emma" });
   */
  on(caller: Caller): Documents<S> {
    return new Documents(caller, this.path);
  }
}

/** Inserts and finds documents. */
export class Documents<S extends Schema> {
  readonly #caller: Caller;
  readonly #path: string;

  constructor(caller: Caller, path: string) {
    this.#caller = caller;
    this.#path = path;
  }

  /**
   * Inserts a document and returns its `_id`: the one it has, or a new UUID.
   *
   * @throws SqlError, `ERR_RUNAR_SQL_CONSTRAINT` for an `_id` that is there already;
   * InvalidArgumentError for a field that the table has not, or a value of another type.
   */
  insertOne<T extends CollectionName<S>>(
    collection: T,
    document: NewDocumentOf<S, T>,
    options?: CallOptions,
  ): Promise<string> {
    return this.#caller.request(`${this.#path}/insertOne`, [collection, document], options);
  }

  /**
   * Finds one document whose fields are equal to those of the filter; `undefined` when there is
   * none. Of several it is any.
   *
   * @throws SqlError; InvalidArgumentError for an empty filter, or a null in it.
   */
  findOne<T extends CollectionName<S>>(
    collection: T,
    filter: Partial<DocumentOf<S, T>>,
    options?: CallOptions,
  ): Promise<DocumentOf<S, T> | undefined> {
    return this.#caller.request(`${this.#path}/findOne`, [collection, filter], options);
  }
}
