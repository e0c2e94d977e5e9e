import { type Context, defineService } from "runar-ts";

/** A service. Its actions get their arguments and, last, a context. */
export const greeter = defineService({
  name: "greeter",
  path: "greeter",
  actions: {
    async hello(name: string, ctx: Context): Promise<string> {
      if (name === "") throw new RangeError("a greeting needs a name");
      ctx.logger.info("greeting", { name });
      await ctx.publish("greeter/greeted", { name });
      return `Hello, ${name}!`;
    },
  },
});
