import { type Caller, type RowOf, sqlite } from "runar-ts/services";
import type { Book } from "./catalog.js";

/** What is on the shelf, kept in a file. */
export function makeStock(file: string) {
  return sqlite({
    path: "stock",
    file,
    schema: {
      tables: {
        shelf: {
          id: { type: "text", primaryKey: true },
          copies: { type: "integer", notNull: true },
        },
      },
    },
    // A sale is safe once it is in the log of the file: many times faster than the default.
    pragmas: { journal_mode: "wal", synchronous: "normal" },
  });
}

export type Stock = ReturnType<typeof makeStock>;
type OnShelf = RowOf<Stock, "shelf">;

/** Puts new books on the shelf; those that were there before keep their number. */
export function fill(stock: Stock, caller: Caller, books: Book[]): Promise<number> {
  return stock.on(caller).execute(
    `INSERT OR IGNORE INTO shelf (id, copies)
     SELECT value ->> 'id', value ->> 'stock' FROM json_each(?)`,
    [JSON.stringify(books)],
  );
}

/** How many copies are left. */
export async function copiesOf(stock: Stock, caller: Caller, id: string): Promise<number> {
  const rows = await stock.on(caller).query<OnShelf>("SELECT * FROM shelf WHERE id = ?", [id]);
  return rows[0]?.copies ?? 0;
}

/** Takes copies off the shelf, all or none. Returns how many are left, or `undefined` for none taken. */
export async function take(stock: Stock, caller: Caller, id: string, count: number) {
  // One statement looks and takes, so no two orders get the same copy.
  const rows = await stock
    .on(caller)
    .query<OnShelf>(
      "UPDATE shelf SET copies = copies - ? WHERE id = ? AND copies >= ? RETURNING *",
      [count, id, count],
    );
  return rows[0]?.copies;
}
