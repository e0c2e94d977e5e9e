// The matrix: which case holds on which runtime. `matrix.json` is the results as data, and the two
// pages are made from it.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Eta } from "eta";
import { findCases, rowOf } from "./cases.mjs";
import { readExpectations } from "./expectations.mjs";
import { idOf, nameOf, runtimes } from "./runtimes.mjs";

const at = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const eta = new Eta({ views: at("runner/templates/") });

const PAGES = ["matrix.md", "matrix.html"];

/** What a case came to on a runtime, over its lanes and repeats: the worst of them. */
function outcomeOf(results) {
  const bad = results.find(({ status }) => status === "failed" || status === "unexpected pass");
  if (bad !== undefined) return `${bad.status}: ${bad.kind}`;
  if (results.some(({ status, expectation }) => status === "flaky" || expectation?.rate))
    return "flaky";
  return results.find(({ status }) => status === "expected")?.kind ?? "pass";
}

/** The results as the data of the matrix: by the name of a row. */
export function matrixOf(results) {
  const matrix = {};
  for (const row of [...new Set(results.map((result) => result.row))].sort()) {
    const own = results.filter((result) => result.row === row);
    const [{ case: one }] = own;
    const lanes = one.lanes.filter((lane) => lane !== undefined && rowOf(one.name, lane) === row);
    matrix[row] = { case: one.name, lanes, notRemote: one.notRemote, results: {} };
    for (const runtime of runtimes) {
      const there = own.filter((result) => idOf(result.runtime) === idOf(runtime));
      if (there.length > 0) matrix[row].results[idOf(runtime)] = outcomeOf(there);
    }
  }
  return matrix;
}

/** The reasons why cases are not called by a peer, with the cases of each. */
function notRemoteOf(matrix) {
  const declared = Object.entries(matrix).filter(([, row]) => row.notRemote !== undefined);
  const casesFor = (why) =>
    declared.filter(([, row]) => row.notRemote === why).map(([name]) => name);
  const reasons = new Set(declared.map(([, row]) => row.notRemote));
  return [...reasons].map((why) => ({ why, cases: casesFor(why) }));
}

/** A row for each group, a cell for each runtime: how many of its cases hold there. */
function tableOf(matrix) {
  const names = Object.keys(matrix);
  const groups = [...new Set(names.map((name) => name.split("/")[0]))];
  return groups.map((group) => {
    const own = names.filter((name) => name.startsWith(`${group}/`));
    const cells = runtimes.map((runtime) => {
      const outcomes = own.map((name) => [name, matrix[name].results[idOf(runtime)]]);
      const failing = outcomes.filter(([, outcome]) => outcome !== "pass");
      return { runtime, total: own.length, holds: own.length - failing.length, failing };
    });
    return { group, cases: own, cells };
  });
}

const committedMatrix = () => JSON.parse(readFileSync(at("matrix.json"), "utf8"));

/** The pages that the matrix in the tree gives, with its traces and reasons, by their file names. */
export function pagesOfTree() {
  const matrix = committedMatrix();
  const expectations = readExpectations();
  const golden = new Map(findCases().map(({ name, golden }) => [name, golden]));
  const fileOf = (row) => {
    const { case: name, lanes } = matrix[row];
    return `cases/${name}${lanes.length > 0 ? ".lanes" : ""}.mjs`;
  };
  const traceOf = (row) => golden.get(matrix[row].case);
  const reasonFor = (runtime, name) => expectations.find((one) => one.applies(runtime, name));
  const tables = { rows: tableOf(matrix), notRemote: notRemoteOf(matrix) };
  const data = { ...tables, runtimes, matrix, traceOf, fileOf, reasonFor, idOf, nameOf };
  return Object.fromEntries(PAGES.map((page) => [page, eta.render(`${page}.eta`, data)]));
}

const textOf = (matrix) => `${JSON.stringify(matrix, null, 1)}\n`;

/** Writes the matrix that the results of a whole run give, and its pages. */
export function writeMatrix(results) {
  writeFileSync(at("matrix.json"), textOf(matrixOf(results)));
  for (const [page, text] of Object.entries(pagesOfTree())) writeFileSync(at(page), text);
}

/**
 * Compares results, of all runtimes or of some, with the matrix in the tree.
 *
 * @returns a line for each thing that differs
 */
export function differencesFromMatrix(results) {
  if (!existsSync(at("matrix.json"))) return ["compat/matrix.json is missing"];
  const committed = committedMatrix();
  const seen = matrixOf(results);
  const differences = [];
  for (const name of Object.keys(committed)) {
    if (seen[name] === undefined) differences.push(`${name} is in the matrix, and did not run`);
  }
  for (const [name, { results: outcomes }] of Object.entries(seen)) {
    for (const [id, outcome] of Object.entries(outcomes)) {
      const told = committed[name]?.results[id];
      if (told !== outcome) {
        differences.push(`${name} on ${id}: ${outcome}; the matrix says ${told ?? "nothing"}`);
      }
    }
  }
  return differences;
}
