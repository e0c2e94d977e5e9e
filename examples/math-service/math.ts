import { type Context, defineService } from "runar-ts";

export const mathService = defineService({
  name: "math-service",
  path: "math",
  actions: {
    add: (a: number, b: number, ctx: Context) => {
      ctx.logger.debug("from the JS/TS side!");
      return a + b;
    },
    divide: (a: number, b: number) => {
      if (b === 0) throw new RangeError("cannot divide by zero");
      return a / b;
    },
  },
});
