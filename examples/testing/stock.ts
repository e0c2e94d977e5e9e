import { defineService } from "runar-ts";

const copies = new Map([
  ["emma", 3],
  ["dracula", 0],
]);

export const stock = defineService({
  name: "stock",
  path: "stock",
  actions: {
    /** Takes copies off the shelf, all or none; answers whether it did. */
    take(isbn: string, count: number): boolean {
      const left = (copies.get(isbn) ?? 0) - count;
      if (left < 0) return false;
      copies.set(isbn, left);
      return true;
    },
  },
});
