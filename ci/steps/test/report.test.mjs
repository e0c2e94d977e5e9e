// What is printed of steps.
import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { makeReport } from "../report.mjs";

it("has the output of each step in one piece, the slowest steps, and a last line that counts", () => {
  let written = "";
  const report = makeReport(3, { write: (text) => (written += text) });
  report.begin("a");
  report.begin("b");
  report.end("b", true, "of b\n");
  report.end("a", false, "of a\n");
  report.skip("c", "a");
  report.close({ passed: ["b"], failed: ["a"], skipped: ["c"] });
  const lines = stripVTControlCharacters(written).split("\n");
  expect(lines.filter((line) => line !== "")).toEqual([
    ...["▶ a", "▶ b", "✓ b (0 s)", "of b", "✗ a (0 s)", "of a"],
    ...[
      "– c: skipped, because a did not pass",
      "The slowest of 0 s:",
      "     0 s  b",
      "     0 s  a",
    ],
    '✗ a: npm test -- --only "a"',
    "1 passed, 1 failed, 1 skipped",
  ]);
  expect(lines.at(-1)).toBe("");
});

it("says on a terminal which steps run", () => {
  let written = "";
  const stream = { isTTY: true, columns: 80, write: (text) => (written += text) };
  const report = makeReport(2, stream);
  report.begin("a");
  report.close({ passed: [], failed: [], skipped: [] });
  expect(stripVTControlCharacters(written)).toContain("0 of 2 done, 0 s: a (0 s)");
});
