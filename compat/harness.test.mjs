// The harness tests itself: each way in which a case can go wrong is planted, and must be found and
// called by its name.
import { readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findCases, plantedDir, rowOf } from "./runner/cases.mjs";
import { judge, readExpectations } from "./runner/expectations.mjs";
import { writeJson, writeJunit } from "./runner/files.mjs";
import { runSuite } from "./runner/suite.mjs";

const here = { kind: "node", version: process.versions.node, program: process.execPath };
const expectation = (name, rest) => ({
  runtime: "node >=1.0.0",
  case: `faults/${name}`,
  kind: "wrong output",
  why: "planted",
  upstream: "none",
  instead: "nothing",
  ...rest,
});

let results;
const resultOf = (name) => results.find((result) => result.name === `faults/${name}`);

beforeAll(async () => {
  results = await runSuite({
    cases: findCases(plantedDir).filter(({ group }) => group === "faults"),
    runtimes: [here],
    // Installed by ci/steps/list.mjs, with the addon of the tests.
    project: process.env.COMPAT_PROJECT,
    expectations: readExpectations(
      JSON.stringify([
        expectation("passes-unexpectedly", {}),
        expectation("fails-as-expected", { shows: "OverloadError" }),
      ]),
    ),
    limits: { milliseconds: 10_000, bytes: 512 << 20 },
  });
}, 120_000);

describe("the harness reports each planted fault by its kind", () => {
  it.each([
    ["passes", "passed", "pass", undefined],
    ["prints-one-wrong-byte", "failed", "wrong output", "-started\n+startef"],
    ["crashes", "failed", "crash", "killed by SIGSEGV"],
    ["hangs", "failed", "hang", "within the time limit; it had computed for 0."],
    ["exits-early-with-code-0", "failed", "early exit", "exit code 0 without the last line"],
    ["leaks-a-handle", "failed", "leak", "an open handle kept the process alive"],
    ["leaks-a-node", "failed", "leak", "held at exit: running: 1, and may be 0"],
    ["leaks-native-memory", "failed", "leak", "it took more memory than it may"],
    ["claims-another-runtime", "failed", "wrong runtime", "ran Node 21.0.0"],
    ["passes-unexpectedly", "unexpected pass", "pass", undefined],
    ["fails-as-expected", "expected", "wrong output", "-42\n+OverloadError"],
    ["has-no-trace-yet", "failed", "wrong output", "no golden trace yet"],
  ])("%s", (name, status, kind, why) => {
    const result = resultOf(name);
    expect(result).toMatchObject({ status, kind });
    if (why === undefined) expect(result.why).toBeUndefined();
    else expect(result.why).toContain(why);
  });

  it("every planted fault is in this table", () => {
    expect(results).toHaveLength(12);
  });
});

describe("lanes", () => {
  it("run a case once each against one trace, in `remote` with a peer as the caller", async () => {
    const runs = await runSuite({
      cases: findCases(plantedDir).filter(({ name }) => name === "lanes/caller"),
      runtimes: [here],
      project: process.env.COMPAT_PROJECT,
      expectations: [],
    });
    expect(runs.map(({ row, lane, kind }) => [row, lane, kind])).toEqual([
      ["lanes/caller", "direct", "pass"],
      ["lanes/caller", "native", "pass"],
      ["network/lanes/caller", "remote", "wrong output"],
    ]);
    expect(runs[2].trace).toBe(runs[0].trace.replaceAll("the node itself", "a peer"));
  }, 60_000);

  it("exclude `remote` for a case that states why no peer can call it", () => {
    const one = findCases(plantedDir).find(({ name }) => name === "lanes/not-remote");
    expect(one).toMatchObject({ lanes: ["direct", "native"], notRemote: "it is planted" });
  });
});

describe("expectations", () => {
  it("do not cover another failure or another output", () => {
    const [one] = readExpectations(JSON.stringify([expectation("x", { shows: "OverloadError" })]));
    const seen = { runtime: here, name: "faults/x", stdout: "OverloadError\n", stderr: "" };
    expect(judge([one], { ...seen, kind: "wrong output" }).status).toBe("expected");
    expect(judge([one], { ...seen, kind: "hang" }).status).toBe("failed");
    expect(judge([one], { ...seen, kind: "wrong output", stdout: "" }).status).toBe("failed");
  });

  it("of flaky cases allow a pass and a failure", () => {
    const [one] = readExpectations(JSON.stringify([expectation("x", { rate: [3, 20] })]));
    const seen = { runtime: here, name: "faults/x", stdout: "", stderr: "" };
    expect(judge([one], { ...seen, kind: "pass" }).status).toBe("flaky");
    expect(judge([one], { ...seen, kind: "wrong output" }).status).toBe("expected");
  });

  it("are refused with the place of a mistake", () => {
    expect(() => readExpectations(JSON.stringify([expectation("x", { kind: "odd" })]))).toThrow(
      /kind/,
    );
    expect(() => readExpectations(JSON.stringify([expectation("x", { more: 1 })]))).toThrow(/more/);
    expect(() =>
      readExpectations(JSON.stringify([expectation("x", { runtime: "node nonsense" })])),
    ).toThrow("nonsense is no range of versions");
  });

  it("of the suite are well-formed and name existing cases", () => {
    const names = findCases().flatMap(({ name, lanes }) => lanes.map((lane) => rowOf(name, lane)));
    for (const one of readExpectations()) {
      const runtime = { kind: one.runtime.split(" ")[0] };
      expect(
        names.some((name) => one.isCase(name)),
        `${one.case} on ${runtime.kind}`,
      ).toBe(true);
    }
  });
});

describe("machine-readable results", () => {
  it("are written as JSON and as JUnit", () => {
    const json = path.join(os.tmpdir(), `compat-${process.pid}.json`);
    const junit = path.join(os.tmpdir(), `compat-${process.pid}.xml`);
    writeJson(json, results);
    writeJunit(junit, results);
    const written = JSON.parse(readFileSync(json, "utf8"));
    expect(written.find(({ name }) => name === "faults/hangs")).toMatchObject({ kind: "hang" });
    const xml = readFileSync(junit, "utf8");
    expect(xml).toContain('tests="12"');
    expect(xml).toContain("killed by SIGSEGV");
    for (const file of [json, junit]) rmSync(file);
  });
});
