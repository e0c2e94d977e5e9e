import { type Context, defineAction, defineService } from "runar-ts";
import { z } from "zod";

const order = z.object({ isbn: z.string().min(1), count: z.number().int().positive() });

export const orders = defineService({
  name: "orders",
  path: "orders",
  actions: {
    place: defineAction({
      input: order,
      handler: ({ isbn, count }) => ({ isbn, count, total: count * 1299 }),
    }),
    /** Answers when the printer is done, or stops waiting for it when nobody waits for the answer. */
    async print(ctx: Context): Promise<string> {
      const done = ctx.node.once("printer/done", { signal: ctx.signal });
      await ctx.publish("printer/started");
      await done;
      return "printed";
    },
  },
});
