import { type Context, defineAction, defineService } from "runar-ts";
import { z } from "zod";
import type { Book } from "./catalog.js";
import { copiesOf, fill, type Stock, take } from "./stock.js";

export const order = z.object({
  customer: z.string().min(1),
  id: z.string().min(1),
  count: z.number().int().positive(),
});

export type Order = z.infer<typeof order>;

/** What is published in the shop, and where. */
export interface Topics {
  "orders/placed": Order & { total: number };
  "orders/refused": Order;
}

export class OutOfStockError extends Error {
  override readonly name = "OutOfStockError";

  constructor(title: string, wanted: number, left: number) {
    super(`${title}: ${wanted} wanted, ${left} left`);
  }
}

export function makeOrders(stock: Stock) {
  return defineService({
    name: "orders",
    path: "orders",
    async start(ctx) {
      await fill(stock, ctx, await ctx.request<Book[]>("catalog/search", ""));
    },
    actions: {
      place: defineAction({
        input: order,
        async handler({ customer, id, count }, ctx) {
          const { title, cents } = await ctx.request<Book>(`catalog/books/${id}`);
          const left = await take(stock, ctx, id, count);
          if (left === undefined) {
            const refused = { customer, id, count } satisfies Topics["orders/refused"];
            await ctx.publish("orders/refused", refused);
            throw new OutOfStockError(title, count, await copiesOf(stock, ctx, id));
          }
          if (left === 0) ctx.logger.info(`sold out: ${title}`);
          const placed = { customer, id, count, total: count * cents };
          await ctx.publish("orders/placed", placed satisfies Topics["orders/placed"]);
          return placed.total;
        },
      }),
      stock: (id: string, ctx: Context) => copiesOf(stock, ctx, id),
    },
  });
}
