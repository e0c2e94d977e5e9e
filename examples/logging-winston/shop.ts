import { type Context, defineService } from "runar-ts";

export const shop = defineService({
  name: "shop",
  path: "shop",
  actions: {
    order(isbn: string, card: string, ctx: Context): string {
      const log = ctx.logger.child({ isbn });
      log.debug("looking for a copy"); // below the level: costs a comparison
      log.info("ordered", { payment: { card } });
      if (isbn === "dracula") {
        log.warn("the last copy");
      }
      return "ordered";
    },
    recount(ctx: Context): void {
      try {
        throw new RangeError("more copies than shelves");
      } catch (error) {
        ctx.logger.error("the recount failed", { error });
      }
    },
  },
});
