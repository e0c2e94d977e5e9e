/** The suggestion for a mistyped name: the same as that of Rust. */

import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixtures } from "../../ci/fixtures.mjs";
import { nearestName } from "../dist/validation/nearest-name.js";

const KNOWN = [
  "name",
  "path",
  "version",
  "description",
  "actions",
  "events",
  "timeoutMs",
  "drainMs",
];

describe("the nearest name", () => {
  it.each([
    ["nmae", "name"],
    ["TimeoutMS", "timeoutMs"],
    ["desciption", "description"],
    ["action", "actions"],
  ])("of %s is %s", (given, expected) => {
    expect(nearestName(given, KNOWN)).toBe(expected);
  });

  it("is undefined when no known name is close", () => {
    expect(nearestName("zzz", KNOWN)).toBeUndefined();
    expect(nearestName("name", [])).toBeUndefined();
    expect(nearestName("", KNOWN)).toBeUndefined();
  });

  it("is suggested without the addon", () => {
    const validator = new URL("../dist/validation/validator.js", import.meta.url).href;
    const program = `
      const { checkKeys } = await import(${JSON.stringify(validator)});
      try {
        checkKeys({ nmae: 1 }, ["name", "path"], "service");
      } catch (error) {
        console.log(error.message);
      }`;
    // A program that loaded the addon from here would fail.
    const env = { ...process.env, RUNAR_TS_FFI_PATH: "/no/addon.node" };
    const args = ["--input-type=module", "--eval", program];
    const printed = execFileSync(process.execPath, args, { env, encoding: "utf8" });
    expect(printed).toBe("service.nmae: unknown key, did you mean name?\n");
  });

  it("is the one that Rust suggests for its config", () => {
    const name = fc.string({ maxLength: 12, unit: fc.constantFrom(..."abcdeimnoprstAMT_é") });
    fc.assert(
      fc.property(name, fc.array(name, { maxLength: 8 }), (given, known) => {
        expect(nearestName(given, known)).toBe(
          fixtures.fixtureNearestName(given, known) ?? undefined,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
