import { describe, expect, it } from "vitest";
import { makeRedactor, type RedactOption } from "../dist/logging/redact.js";
import { makeNode, thrown } from "./support.js";

const given = () => ({
  password: "p",
  payload: { password: "p", card: { number: "4", name: "n" } },
  headers: { "set-cookie": "c", host: "h" },
  users: [
    { email: "a", id: 1 },
    { email: "b", id: 2 },
  ],
});

describe("redaction", () => {
  it.each<[string, (hidden: ReturnType<typeof given>) => unknown]>([
    ["password", (fields) => Object.assign(fields, { password: "[Redacted]" })],
    [
      "payload.card.number",
      (fields) => Object.assign(fields.payload.card, { number: "[Redacted]" }),
    ],
    [
      'headers["set-cookie"]',
      (fields) => Object.assign(fields.headers, { "set-cookie": "[Redacted]" }),
    ],
    ["headers['host']", (fields) => Object.assign(fields.headers, { host: "[Redacted]" })],
    [
      "users[*].email",
      ({ users }) => users.map((user) => Object.assign(user, { email: "[Redacted]" })),
    ],
    [
      "users[1].email",
      (fields) => Object.assign(fields.users[1] as object, { email: "[Redacted]" }),
    ],
    ["*.password", (fields) => Object.assign(fields.payload, { password: "[Redacted]" })],
    [
      "payload.*",
      (fields) => Object.assign(fields.payload, { password: "[Redacted]", card: "[Redacted]" }),
    ],
    ["nothing.like.this", () => undefined],
  ])("%s", (path, hide) => {
    const fields = given();
    const expected = given();
    hide(expected);
    expect(makeRedactor([path])(fields)).toEqual(expected);
    expect(fields).toEqual(given());
  });

  it("applies several paths when one is part of another", () => {
    const redact = makeRedactor(["*.card.number", "payload.password", "payload.card.name"]);
    const fields = given();
    expect(redact(fields).payload).toEqual({
      password: "[Redacted]",
      card: { number: "[Redacted]", name: "[Redacted]" },
    });
    expect(fields).toEqual(given());
  });

  it("keeps values that no path matches, such as dates, bytes and maps", () => {
    const fields = {
      when: new Date(0),
      bytes: new Uint8Array(2),
      map: new Map(),
      list: [{ a: 1 }],
    };
    const { when, bytes, map, list } = makeRedactor(["*.token", "list[*].b"])(fields);
    expect([when, bytes, map, list]).toEqual(Object.values(fields));
    expect(when).toBe(fields.when);
  });

  it("replaces the whole value when a part cannot be read", () => {
    const inner = {
      token: "t",
      get other(): string {
        throw new Error("not now");
      },
    };
    expect(makeRedactor(["*.token"])({ inner })).toEqual({ unreadable: "not now" });
  });

  it("replaces or removes as configured", () => {
    expect(makeRedactor({ paths: ["a"], censor: "***" })({ a: 1, b: 2 })).toEqual({
      a: "***",
      b: 2,
    });
    expect(makeRedactor({ paths: ["a"], remove: true })({ a: 1, b: 2 })).toEqual({ b: 2 });
  });

  it.each(["", "a..b", ".a", "a[", "a[b]", "a b", "a,b"])("refuses %j as a path", (path) => {
    const error = thrown(() => makeRedactor(["ok", path]));
    expect(error.code).toBe("ERR_RUNAR_INVALID_ARGUMENT");
    expect(error.message).toContain("options.redact[1]");
  });

  it.each([7, null, {}, { paths: "a" }])("refuses %j as an option", (option) => {
    expect(thrown(() => makeRedactor(option as unknown as RedactOption)).message).toContain(
      "options.redact: expected a list of paths",
    );
  });

  it("applies to every sink and iterator", async () => {
    const node = makeNode({ redact: ["payload.password"] });
    const read = node.logs();
    node.logger.child({ payload: { password: "p" } }).info("bound");
    node.logger.info("given", { payload: { password: "p", user: "u" } });
    const first = (await read.next()).value;
    expect(first?.fields).toEqual({ payload: { password: "[Redacted]" } });
    expect(node.records[1]?.fields).toEqual({ payload: { password: "[Redacted]", user: "u" } });
  });
});
