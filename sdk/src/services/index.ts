/**
 * Services that the Rust core brings along, hosted by a node of this program.
 *
 * @packageDocumentation
 */

export { type Caller, RustService, type RustServiceOptions } from "../api/rust-service.js";
export { type CrudOptions, CrudService, crud, type Documents } from "./crud.js";
export {
  type Authenticate,
  type GatewayOptions,
  type GatewayRequest,
  GatewayService,
  gateway,
} from "./gateway.js";
export type {
  CollectionName,
  Column,
  ColumnType,
  DocumentOf,
  HasSchema,
  Index,
  NewDocumentOf,
  RowOf,
  Schema,
  Table,
  TableName,
} from "./schema.js";
export {
  type Database,
  type SqliteOptions,
  SqliteService,
  type SqlParameter,
  type SqlValue,
  sqlite,
} from "./sqlite.js";
