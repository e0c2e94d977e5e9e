// What is left on the screen when the suite has run.
import { chalk } from "zx";
import { isGood } from "./expectations.mjs";
import { nameOf } from "./runtimes.mjs";

const count = (results, ...statuses) =>
  results.filter(({ status }) => statuses.includes(status)).length;

function row(runtime, results) {
  const bad = results.filter(({ status }) => !isGood(status)).length;
  const texts = [
    nameOf(runtime).padEnd(14),
    String(count(results, "passed", "flaky")).padStart(6),
    String(count(results, "expected")).padStart(13),
    String(bad).padStart(8),
  ];
  return bad > 0 ? chalk.red(texts.join("")) : texts.join("");
}

/** A line for each runtime. */
export function summary(results) {
  const runtimes = [...new Set(results.map(({ runtime }) => runtime))];
  const rows = runtimes.map((runtime) =>
    row(
      runtime,
      results.filter((result) => result.runtime === runtime),
    ),
  );
  return [`${"".padEnd(14)}passed  cannot there  failed`, ...rows].join("\n");
}
