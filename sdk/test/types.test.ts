import type { StandardSchemaV1 as PublishedSchema } from "@standard-schema/spec";
import {
  type Client,
  type Context,
  defineService,
  type ErrorCode,
  Node,
  RunarError,
  TimeoutError,
} from "runar-ts";
import { crud, gateway, type RowOf, sqlite } from "runar-ts/services";
import { describe, expectTypeOf, it } from "vitest";
import type { StandardSchemaV1 } from "../dist/validation/standard-schema.js";

/** What the parser of JSON returns: `any`, which linters refuse by name. */
type Any = ReturnType<typeof JSON.parse>;

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

  it("keeps a last parameter of type any or unknown among the arguments", () => {
    const loose = defineService({
      name: "loose",
      path: "loose",
      actions: {
        any: (_a: number, _b: Any) => 1,
        unknown: (_a: number, _b: unknown) => 1,
        optional: (_isbn: string, _currency?: string) => 1,
        // A parameter without a type is unknown, neither never nor any.
        untyped: (a) => typeof a,
      },
    });
    type Loose = Client<typeof loose>;
    expectTypeOf<Parameters<Loose["any"]>>().toEqualTypeOf<[_a: number, _b: Any]>();
    expectTypeOf<Parameters<Loose["unknown"]>>().toEqualTypeOf<[_a: number, _b: unknown]>();
    expectTypeOf<Parameters<Loose["optional"]>>().toEqualTypeOf<
      [_isbn: string, _currency?: string | undefined]
    >();
    expectTypeOf<Parameters<Loose["untyped"]>>().toEqualTypeOf<[a: unknown]>();
  });

  it("narrows an unknown error to the known codes", () => {
    const read = (error: unknown) => {
      if (error instanceof TimeoutError) {
        expectTypeOf(error.code).toEqualTypeOf<"ERR_RUNAR_TIMEOUT">();
      }
      if (!(error instanceof RunarError)) return false;
      expectTypeOf(error.code).toEqualTypeOf<ErrorCode>();
      // @ts-expect-error: there is no such code
      return error.code === "ERR_RUNAR_TIMOUT";
    };
    expectTypeOf(read).returns.toEqualTypeOf<boolean>();
  });

  it("results are promises, not promises of promises", () => {
    expectTypeOf<ReturnType<Shop["price"]>>().toEqualTypeOf<
      Promise<{ isbn: string; total: number; at: string }>
    >();
    expectTypeOf<ReturnType<Shop["stock"]>>().toEqualTypeOf<Promise<number>>();
    expectTypeOf<ReturnType<Shop["nothing"]>>().toEqualTypeOf<Promise<undefined>>();
  });

  it("mismatched arguments do not compile", () => {
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

  it("arguments that do not match a schema do not compile", () => {
    const node = new Node();
    const db = sqlite({
      path: "db",
      file: ":memory:",
      schema: {
        tables: {
          person: {
            _id: { type: "text", primaryKey: true },
            name: { type: "text", notNull: true },
            age: "integer",
          },
          log: { line: "text" },
        },
      },
    });
    const people = crud({ path: "people", store: db }).on(node);
    const never = async () => {
      // @ts-expect-error: there is no such table
      await db.on(node).query<RowOf<typeof db, "persons">>("SELECT 1");
      // @ts-expect-error: a date is no parameter
      await db.on(node).query("SELECT ?", [new Date()]);
      // @ts-expect-error: the name may not be missing
      await people.insertOne("person", { age: 5 });
      // @ts-expect-error: a name is a text
      await people.insertOne("person", { name: 5 });
      // @ts-expect-error: there is no such column
      await people.findOne("person", { nam: "Ada" });
      // @ts-expect-error: a table without _id holds no documents
      await people.findOne("log", { line: "a" });
      // @ts-expect-error: the type does not exist
      sqlite({ path: "a", file: "a", schema: { tables: { t: { a: "date" } } } });
      // @ts-expect-error: listen is missing
      gateway({ path: "web" });
    };
    expectTypeOf(never).toBeFunction();
  });
});

describe("the types of Standard Schema", () => {
  type Own = StandardSchemaV1<string, number>;
  type Published = PublishedSchema<string, number>;

  it("are those that its authors publish", () => {
    expectTypeOf<Own>().toEqualTypeOf<Published>();
    expectTypeOf<StandardSchemaV1.Result<number>>().toEqualTypeOf<PublishedSchema.Result<number>>();
    expectTypeOf<StandardSchemaV1.InferInput<Own>>().toEqualTypeOf<
      PublishedSchema.InferInput<Published>
    >();
    expectTypeOf<StandardSchemaV1.InferOutput<Own>>().toEqualTypeOf<
      PublishedSchema.InferOutput<Published>
    >();
  });
});
