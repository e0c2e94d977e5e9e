import { crud, sqlite } from "runar-ts/services";
import { afterEach, describe, expect, expectTypeOf, it } from "vitest";
import { failure, makeNode, stopNodes, thrown } from "./support.js";

afterEach(stopNodes);

describe("documents", () => {
  const store = () =>
    sqlite({
      path: "db",
      file: ":memory:",
      schema: {
        tables: {
          person: {
            _id: { type: "text", primaryKey: true },
            name: { type: "text", notNull: true },
            age: "integer",
            height: "real",
            knowsRust: "boolean",
            photo: "blob",
          },
          log: { line: "text" },
        },
      },
    });

  async function startPeople() {
    const node = makeNode();
    const db = store();
    const service = crud({ path: "people", store: db });
    node.addService(db);
    node.addService(service);
    await node.start();
    return { node, people: service.on(node), db: db.on(node) };
  }

  it("are inserted and found with the types of their columns", async () => {
    const { people } = await startPeople();
    const photo = new Uint8Array([1, 0, 255]);
    const given = { name: "Ada", age: 36, height: 2, knowsRust: false, photo };
    const id = await people.insertOne("person", given);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const ada = await people.findOne("person", { name: "Ada", age: 36 });
    expect(ada).toEqual({ _id: id, ...given });
    expectTypeOf(ada).toEqualTypeOf<
      | {
          _id: string;
          name: string;
          age: number | null;
          height: number | null;
          knowsRust: boolean | null;
          photo: Uint8Array | null;
        }
      | undefined
    >();
    expect(await people.insertOne("person", { _id: "bob", name: "Bob", age: null })).toBe("bob");
    expect(await people.findOne("person", { _id: "bob" })).toEqual({
      _id: "bob",
      name: "Bob",
      age: null,
      height: null,
      knowsRust: null,
      photo: null,
    });
    expect(await people.findOne("person", { _id: "nobody" })).toBeUndefined();
  });

  it("that SQLite refuses fail with a typed error and no panic", async () => {
    const { people, db } = await startPeople();
    await people.insertOne("person", { _id: "bob", name: "Bob" });
    const both = await Promise.all([
      failure(people.insertOne("person", { _id: "bob", name: "Bob" })),
      people.insertOne("person", { _id: "eve", name: "Eve" }),
      failure(people.insertOne("person", { _id: "no name" } as never)),
    ]);
    expect(both[0]).toMatchObject({
      code: "ERR_RUNAR_SQL_CONSTRAINT",
      message: "people/insertOne: UNIQUE constraint failed: person._id",
    });
    expect(both[1]).toBe("eve");
    expect(both[2].message).toBe("people/insertOne: NOT NULL constraint failed: person.name");
    await db.execute("DROP TABLE person");
    const gone = await failure(people.findOne("person", { _id: "bob" }));
    expect(gone).toMatchObject({
      code: "ERR_RUNAR_SQL",
      message: "people/findOne: no such table: person",
    });
  });

  it("that do not match the schema are refused by path", async () => {
    const { people, node } = await startPeople();
    const refused: [() => Promise<unknown>, string][] = [
      [
        () => people.insertOne("persn" as never, {} as never),
        "people/insertOne: collection: the schema has no table persn, did you mean person?",
      ],
      [
        () => people.insertOne("log" as never, {} as never),
        "people/insertOne: collection: the table log has no text column _id",
      ],
      [
        () => people.insertOne("person", { name: "Ada", agee: 1 } as never),
        "people/insertOne: person.agee: no such column, did you mean age?",
      ],
      [
        () => people.insertOne("person", { name: "Ada", age: 1.5 }),
        "people/insertOne: person.age: the column is of type integer, got 1.5",
      ],
      [
        () => people.insertOne("person", { name: 7 } as never),
        "people/insertOne: person.name: the column is of type text, got a number",
      ],
      [
        () => people.findOne("person", {}),
        "people/findOne: filter: names no field; at least one is needed",
      ],
      [
        () => people.findOne("person", { age: null }),
        "people/findOne: filter.age: null is equal to nothing in SQL; use a query with IS NULL",
      ],
      [
        () => node.request("people/findOne", 7),
        "people/findOne: collection: expected the name of a table",
      ],
    ];
    for (const [call, message] of refused) {
      const error = await failure(call());
      expect(error).toMatchObject({ code: "ERR_RUNAR_INVALID_ARGUMENT", message });
    }
  });

  it("need their database to be added first", async () => {
    const node = makeNode();
    const error = thrown(() => node.addService(crud({ path: "people", store: store() })));
    expect(error).toMatchObject({
      code: "ERR_RUNAR_SERVICE_DEFINITION",
      message: 'crud.store: the node has no sqlite service "db"; add it first',
    });
    expect(thrown(() => crud({ path: "people", store: {} as never })).message).toBe(
      "crud.store: expected what sqlite() returns",
    );
  });

  it("persist across a restart", async () => {
    const { node, people } = await startPeople();
    await node.stop();
    await node.start();
    expect(await people.insertOne("person", { _id: "a", name: "A" })).toBe("a");
  });
});
