// Results for machines.
import { writeFileSync } from "node:fs";
import junit from "junit-report-builder";
import { isGood } from "./expectations.mjs";
import { idOf, nameOf } from "./runtimes.mjs";

/** Every result, as plain data. */
export function writeJson(file, results) {
  const rows = results.map(({ runtime, name, group, lane, kind, why, status, trace, ms }) => {
    const { kind: program, version } = runtime;
    return { runtime: { kind: program, version }, name, group, lane, status, kind, why, trace, ms };
  });
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
}

/** A suite for each runtime; what failed as expected counts as skipped. */
export function writeJunit(file, results) {
  const builder = junit.newBuilder();
  for (const runtime of new Set(results.map((result) => result.runtime))) {
    const suite = builder.testSuite().name(nameOf(runtime));
    for (const result of results.filter((one) => one.runtime === runtime)) {
      const { name, lane, status, kind, why, expectation, trace, stderr, ms } = result;
      const test = suite
        .testCase()
        .className(`${idOf(runtime)}.${result.group}`)
        .name(lane === undefined ? name : `${name} (${lane})`)
        .time(ms / 1000)
        .standardOutput(trace)
        .standardError(stderr);
      if (!isGood(status)) test.failure(`${kind}: ${why ?? expectation?.why ?? ""}`, status);
      else if (status === "expected") test.skipped(`${kind}: ${expectation.why}`);
    }
  }
  builder.writeTo(file);
}
