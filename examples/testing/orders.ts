import { type Context, defineService, TimeoutError } from "runar-ts";
import type { stock } from "./stock.js";

const ATTEMPTS = 3;
const ATTEMPT_MS = 2_000;

/** Depends on the service `stock`, wherever that runs. */
export const orders = defineService({
  name: "orders",
  path: "orders",
  actions: {
    async place(isbn: string, count: number, ctx: Context): Promise<string> {
      const take = ctx.client<typeof stock>("stock").take.with({ timeoutMs: ATTEMPT_MS });
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        try {
          if (await take(isbn, count)) return "placed";
          ctx.logger.warn("sold out", { isbn });
          return "sold out";
        } catch (error) {
          if (!(error instanceof TimeoutError)) throw error;
          ctx.logger.info(`no answer from stock, attempt ${attempt}`);
        }
      }
      return "try again later";
    },
  },
});
