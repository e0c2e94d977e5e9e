import { defineAction, defineService } from "runar-ts";
import { z } from "zod";
import type { Book } from "./catalog.js";
import type { Topics } from "./shop.js";

export const order = z.object({
  customer: z.string().min(1),
  id: z.string().min(1),
  count: z.number().int().positive(),
});

export type Order = z.infer<typeof order>;

export class OutOfStockError extends Error {
  override readonly name = "OutOfStockError";

  constructor(title: string, wanted: number, left: number) {
    super(`${title}: ${wanted} wanted, ${left} left`);
  }
}

const stock = new Map<string, number>();

export const orders = defineService({
  name: "orders",
  path: "orders",
  async start(ctx) {
    for (const { id, stock: copies } of await ctx.request<Book[]>("catalog/search", "")) {
      stock.set(id, copies);
    }
  },
  actions: {
    place: defineAction({
      input: order,
      async handler({ customer, id, count }, ctx) {
        const { title, cents } = await ctx.request<Book>(`catalog/books/${id}`);
        // Nothing is awaited between the look and the sale, so no two orders get the same copy.
        const left = stock.get(id) ?? 0;
        if (count > left) {
          const refused = { customer, id, count } satisfies Topics["orders/refused"];
          await ctx.publish("orders/refused", refused);
          throw new OutOfStockError(title, count, left);
        }
        stock.set(id, left - count);
        if (left === count) ctx.logger.info(`sold out: ${title}`);
        const placed = { customer, id, count, total: count * cents };
        await ctx.publish("orders/placed", placed satisfies Topics["orders/placed"]);
        return placed.total;
      },
    }),
    stock: (id: string) => stock.get(id) ?? 0,
  },
});
