import { type Context, defineService } from "runar-ts";

export const greeter = defineService({
  name: "greeter",
  path: "greeter",
  actions: {
    hello(name: string, ctx: Context): string {
      ctx.logger.info("greeting", { name });
      return `Hello, ${name}!`;
    },
  },
});
