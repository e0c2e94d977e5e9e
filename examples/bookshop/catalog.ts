import { readFileSync } from "node:fs";
import { type Context, defineService } from "runar-ts";
import { z } from "zod";

const book = z.object({
  id: z.string(),
  title: z.string(),
  author: z.string(),
  year: z.number().int(),
  cents: z.number().int().positive(),
  /** Copies on the shelf when the shop opens. */
  stock: z.number().int().nonnegative(),
});

export type Book = z.infer<typeof book>;

// Read as a file: not every supported runtime can import JSON in the same way.
const file = readFileSync(new URL("../books.json", import.meta.url), "utf8");
const books = z.array(book).parse(JSON.parse(file));
const byId = new Map(books.map((book) => [book.id, book]));

export const catalog = defineService({
  name: "catalog",
  path: "catalog",
  actions: {
    search(words: string): Book[] {
      const wanted = words.toLowerCase();
      return books.filter(({ title, author }) =>
        `${title} ${author}`.toLowerCase().includes(wanted),
      );
    },
    "books/{id}"(ctx: Context): Book {
      const found = byId.get(ctx.params.id ?? "");
      if (found === undefined) throw new Error("there is no such book");
      return found;
    },
  },
});
