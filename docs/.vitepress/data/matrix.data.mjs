// The results of the conformance suite, as `npm run compat` has written them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readExpectations } from "../../../compat/runner/expectations.mjs";
import { idOf, nameOf, runtimes } from "../../../compat/runner/runtimes.mjs";

const compat = (file) => fileURLToPath(new URL(`../../../compat/${file}`, import.meta.url));

function exceptionsOf(matrix, expectations) {
  const exceptions = new Map();
  for (const [name, { results }] of Object.entries(matrix)) {
    for (const runtime of runtimes) {
      const outcome = results[idOf(runtime)];
      if (outcome === "pass") continue;
      const { why, upstream, instead } = expectations.find((one) => one.applies(runtime, name));
      const key = JSON.stringify([name, outcome, why]);
      const known = exceptions.get(key) ?? { name, outcome, why, upstream, instead, on: [] };
      known.on.push(nameOf(runtime));
      exceptions.set(key, known);
    }
  }
  return [...exceptions.values()];
}

function rowsOf(matrix) {
  const groups = new Map();
  for (const name of Object.keys(matrix)) {
    const [group] = name.split("/");
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups].map(([group, names]) => ({
    group,
    total: names.length,
    holds: runtimes.map(
      (runtime) => names.filter((name) => matrix[name].results[idOf(runtime)] === "pass").length,
    ),
  }));
}

export default {
  watch: [compat("matrix.json"), compat("expectations.json")],
  load() {
    const matrix = JSON.parse(readFileSync(compat("matrix.json"), "utf8"));
    return {
      runtimes: runtimes.map(nameOf),
      cases: Object.keys(matrix).length,
      rows: rowsOf(matrix),
      exceptions: exceptionsOf(matrix, readExpectations()),
    };
  },
};
