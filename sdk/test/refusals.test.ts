import { describe, expect, it } from "vitest";
import { createError, ERRORS } from "../dist/errors/errors.js";
import { readRecord, writeRecord } from "../dist/errors/record.js";
import { makeNode, thrown } from "./support.js";

const service = { name: "a", path: "a", actions: {} };

describe("invalid options are refused by name", () => {
  it.each<[object, string]>([
    [{ localCall: "direct" }, "options.localCall: unknown key, did you mean localCalls?"],
    [{ localCalls: "fast" }, 'options.localCalls: expected "direct" or "native", got "fast"'],
    [
      { requestTimeoutMs: 0 },
      "options.requestTimeoutMs: expected a number of milliseconds above 0, got 0",
    ],
    [
      { requestTimeoutMs: "1" },
      "options.requestTimeoutMs: expected a number of milliseconds above 0, got a string",
    ],
    [
      { logLevel: "loud" },
      'options.logLevel: expected trace, debug, info, warn, error or off, got "loud"',
    ],
  ])("%j", (options, message) => {
    const error = thrown(() => makeNode(options));
    expect(error.code).toBe("ERR_RUNAR_INVALID_ARGUMENT");
    expect(error.message).toBe(message);
  });
});

describe("an invalid definition is refused by path", () => {
  it.each<[unknown, string | RegExp]>([
    [{ ...service, action: {} }, "service.action: unknown key, did you mean actions?"],
    [{ path: "a", actions: {} }, "service.name: expected a string, got undefined"],
    [{ ...service, name: "" }, "service.name: may not be empty"],
    [{ ...service, name: "n".repeat(129) }, "service.name: 129 characters; 128 at the most"],
    [{ ...service, path: 5 }, "service.path: expected a string, got a number"],
    [
      { ...service, path: "a/b" },
      /^service\.path: "a\/b" is no path of a service: it needs letters/,
    ],
    [{ ...service, version: 1 }, "service.version: expected a string, got a number"],
    [{ ...service, description: null }, "service.description: expected a string, got null"],
    [{ ...service, actions: [] }, "service.actions: expected an object, got an array"],
    [
      { ...service, actions: { a: 1 } },
      "service.actions.a: expected a function, or an object with a handler, got a number",
    ],
    [
      { ...service, actions: { "a//b": () => 1 } },
      /^service\.actions\["a\/\/b"\]: "a\/\/b" is no name of an action/,
    ],
    [
      { ...service, actions: { "*": () => 1 } },
      /^service\.actions\["\*"\]: "\*" is no name of an action/,
    ],
    [{ ...service, init: 1 }, "service.init: expected a function, got a number"],
    [undefined, "service: expected an object, got undefined"],
  ])("%j", (definition, message) => {
    const error = thrown(() => makeNode().addService(definition as never));
    expect(error).toMatchObject({
      name: "ServiceDefinitionError",
      code: "ERR_RUNAR_SERVICE_DEFINITION",
    });
    if (typeof message === "string") expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });
});

describe("an error", () => {
  it.each(Object.entries(ERRORS))(
    "%s has the class and retryable flag of the table",
    (code, row) => {
      const error = createError(code as keyof typeof ERRORS, "message");
      expect(error.name).toBe(row.class);
      expect(error.constructor.name).toBe(row.class);
      expect(error.retryable).toBe(row.retryable);
      expect(error.help).toMatch(new RegExp(`#${code.toLowerCase()}$`));
      expect(Object.keys(error).sort()).toEqual(["code", "details", "retryable"]);
    },
  );

  it("keeps code, details and cause across isolates", () => {
    const error = createError("ERR_RUNAR_ACTION", "m", {
      details: { path: "a/b" },
      cause: new TypeError("inner"),
    });
    const arrived = readRecord(writeRecord(error));
    expect(arrived).toMatchObject({ name: "ActionError", message: "m", details: { path: "a/b" } });
    expect(arrived.cause).toMatchObject({ name: "TypeError", message: "inner" });
  });

  it("serialises to plain data", () => {
    const error = createError("ERR_RUNAR_TIMEOUT", "m");
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: "TimeoutError",
      code: "ERR_RUNAR_TIMEOUT",
      message: "m",
      retryable: true,
    });
  });
});
