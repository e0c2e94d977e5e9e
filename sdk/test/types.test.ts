import { type Client, type Context, defineService, Node } from "runar-ts";
import { describe, expectTypeOf, it } from "vitest";

const shop = defineService({
  name: "shop",
  path: "shop",
  actions: {
    price: (isbn: string, count: number, ctx: Context) => ({ isbn, total: count, at: ctx.path }),
    stock: async (isbn: string) => isbn.length,
    list: (ctx: Context) => [ctx.path],
    nothing: () => undefined,
  },
});

describe("types are carried from the definition to the caller", () => {
  type Shop = Client<typeof shop>;

  it("the context is not among the arguments", () => {
    expectTypeOf<Parameters<Shop["price"]>>().toEqualTypeOf<[isbn: string, count: number]>();
    expectTypeOf<Parameters<Shop["stock"]>>().toEqualTypeOf<[isbn: string]>();
    expectTypeOf<Parameters<Shop["list"]>>().toEqualTypeOf<[]>();
  });

  it("results are promises, once", () => {
    expectTypeOf<ReturnType<Shop["price"]>>().toEqualTypeOf<
      Promise<{ isbn: string; total: number; at: string }>
    >();
    expectTypeOf<ReturnType<Shop["stock"]>>().toEqualTypeOf<Promise<number>>();
    expectTypeOf<ReturnType<Shop["nothing"]>>().toEqualTypeOf<Promise<undefined>>();
  });

  it("what does not fit does not compile", () => {
    const node = new Node();
    const client = node.client<typeof shop>("shop");
    const never = () => {
      // @ts-expect-error: a number is no isbn
      client.stock(5);
      // @ts-expect-error: an argument is missing
      client.price("1");
      // @ts-expect-error: there is no such action
      client.buy();
      // @ts-expect-error: the level does not exist
      node.setLogLevel("loud");
      // @ts-expect-error: the key is misspelt
      new Node({ netwrk_config: {} });
      // @ts-expect-error: an action must be a function
      defineService({ name: "a", path: "a", actions: { a: 1 } });
    };
    expectTypeOf(never).toBeFunction();
  });
});
