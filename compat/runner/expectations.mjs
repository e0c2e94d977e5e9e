// What a runtime cannot do: `expectations.json`, data only, each with its reason.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import picomatch from "picomatch";
import semver from "semver";
import { z } from "zod";
import { KINDS } from "./verdict.mjs";

const file = fileURLToPath(new URL("../expectations.json", import.meta.url));

const Expectation = z.strictObject({
  /** `bun >=1.0.0 <1.1.26` */
  runtime: z.string().regex(/^(node|bun) \S/),
  /** A case, or a glob of cases: `worker-threads/*`. */
  case: z.string(),
  kind: z.enum(KINDS.filter((kind) => kind !== "pass")),
  /** What the output must contain: what the SDK does instead. */
  shows: z.string().optional(),
  why: z.string(),
  /** The defect, in the words or the tracker of whoever has it. */
  upstream: z.string(),
  /** What the SDK does instead. */
  instead: z.string(),
  /** For a case that fails now and then: how often it did, and out of how many runs. */
  rate: z.tuple([z.number().int().positive(), z.number().int().positive()]).optional(),
});

function compile(expectation) {
  const [kind] = expectation.runtime.split(" ", 1);
  const range = expectation.runtime.slice(kind.length + 1);
  if (semver.validRange(range) === null) {
    throw new Error(`expectations.json: ${expectation.runtime}: ${range} is no range of versions`);
  }
  const isCase = picomatch(expectation.case);
  const applies = (runtime, name) =>
    runtime.kind === kind && semver.satisfies(runtime.version, range) && isCase(name);
  return { ...expectation, isCase, applies };
}

/** Reads expectations. @throws when one is malformed, naming it. */
export function readExpectations(text = readFileSync(file, "utf8")) {
  const parsed = z.array(Expectation).safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`expectations.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data.map(compile);
}

/**
 * What a result means beside the expectations.
 *
 * @returns `{ status, expectation? }`: `passed`, `expected` (it failed as listed), `flaky` (it passed,
 *   and is listed as one that fails now and then), `failed`, or `unexpected pass`
 */
export function judge(expectations, { runtime, name, kind, stdout, stderr }) {
  const expectation = expectations.find((one) => one.applies(runtime, name));
  if (expectation === undefined) return { status: kind === "pass" ? "passed" : "failed" };
  if (kind === "pass") {
    return { status: expectation.rate === undefined ? "unexpected pass" : "flaky", expectation };
  }
  const shown = expectation.shows === undefined || (stdout + stderr).includes(expectation.shows);
  return { status: kind === expectation.kind && shown ? "expected" : "failed", expectation };
}

/** Whether a status is one that the suite may end with. */
export function isGood(status) {
  return status !== "failed" && status !== "unexpected pass";
}
