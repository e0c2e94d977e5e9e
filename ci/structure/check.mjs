// The rules of `rules.json` about the source as files: imports go down only, and a file is short and says
// what it is about.
import { readFileSync } from "node:fs";
import path from "node:path";
import picomatch from "picomatch";
import { cyclesOf, reaches } from "./cycles.mjs";
import { rustImports } from "./rust.mjs";
import { typescriptImports } from "./typescript.mjs";

const RULES = "ci/structure/rules.json";
const isBelow = (file, folder) => file === folder || file.startsWith(`${folder}/`);

/** The graph without the exceptions, and what is wrong with them. */
function withoutExceptions(graph, exceptions, isUpward) {
  const complaints = [];
  const kept = new Map(graph);
  for (const { from, to } of exceptions) {
    const imports = kept.get(from) ?? [];
    kept.set(
      from,
      imports.filter((one) => one.to !== to),
    );
    const isThere = imports.some((one) => one.to === to);
    if (isThere && (reaches(kept, to, from) || isUpward(from, to))) continue;
    complaints.push(
      `The exception of ${from}, which imports ${to}, is no longer needed: delete it from ${RULES}.`,
    );
  }
  return { kept, complaints };
}

function complainOfCycles(graph) {
  return cyclesOf(graph).map(({ files, cycle }) => {
    const steps = cycle.map(({ from, to, line }) => `  ${from}:${line} imports ${to}`);
    return [
      `${files.length} files import each other. The shortest cycle:`,
      ...steps,
      "  Move what both sides need into a file that imports neither, or pass it in as an argument.",
    ].join("\n");
  });
}

/** For a file of a root with layers: the number of its layer, 0 at the top. */
function layerOf(layers, file) {
  const fitting = layers.flatMap((names, level) =>
    names.filter((name) => isBelow(file, name)).map((name) => ({ level, length: name.length })),
  );
  return fitting.sort((a, b) => b.length - a.length)[0]?.level;
}

/** The layers, each with the paths of its files and folders below the project's root. */
function layersOf(rules) {
  return Object.entries(rules.layers).map(([root, layers]) => ({
    root,
    layers: layers.map((names) => names.map((name) => `${root}/${name}`)),
  }));
}

/** Tells whether an import goes up; a test may import what it tests with. */
function upward(rules) {
  const isTest = picomatch(rules.tests);
  return (from, to) =>
    layersOf(rules).some(({ root, layers }) => {
      if (isTest(from) || !isBelow(from, root) || !isBelow(to, root)) return false;
      return layerOf(layers, from) > layerOf(layers, to);
    });
}

function complainOfLayers(graph, rules, isUpward) {
  const files = [...graph.keys()];
  const complaints = [];
  for (const { root, layers } of layersOf(rules)) {
    for (const name of layers.flat().filter((name) => !files.some((file) => isBelow(file, name)))) {
      complaints.push(`${name} is a layer and there is no such file: delete it from ${RULES}.`);
    }
    for (const file of files.filter((file) => isBelow(file, root))) {
      if (layerOf(layers, file) === undefined) {
        complaints.push(`${file} is in no layer: name it, or its folder, in ${RULES}.`);
      }
    }
  }
  for (const [from, imports] of graph) {
    for (const { to, line } of imports.filter(({ to }) => isUpward(from, to))) {
      complaints.push(
        `${from}:${line} imports ${to}, which is in a higher layer of ${RULES}.\n` +
          "  Move what it needs down, or pass it in as an argument.",
      );
    }
  }
  return complaints;
}

function complainOfFile(root, file, { limits, tests, generated, uncommented }) {
  const text = readFileSync(path.join(root, file), "utf8");
  const complaints = [];
  const isTest = picomatch.isMatch(file, tests);
  const limit = isTest ? limits.tests : limits.sources;
  const lines = text.trimEnd().split("\n").length;
  const isGenerated = picomatch.isMatch(file, generated);
  if (lines > limit && !isGenerated) {
    complaints.push(`${file} has ${lines} lines, and may have ${limit}: make two files of it.`);
  }
  const isFree = isTest || picomatch.isMatch(file, uncommented);
  if (!isFree && !isGenerated && !/^(#!.*\n)?\s*\/[/*]/.test(text)) {
    complaints.push(`${file} does not begin with a comment: say in it what the file is about.`);
  }
  return complaints;
}

/**
 * Checks the source.
 *
 * @param files the paths of all files below the root
 * @param rules what `rules.json` holds
 * @returns a complaint for each thing that is wrong, which says what to do
 */
export function complaintsOf(root, files, rules) {
  const sources = files
    .filter((file) => /\.([cm]?[jt]s|rs)$/.test(file))
    .filter((file) => !picomatch.isMatch(file, rules.planted));
  const graph = new Map([...typescriptImports(root, sources), ...rustImports(root, sources)]);
  const isUpward = upward(rules);
  const { kept, complaints } = withoutExceptions(graph, rules.exceptions, isUpward);
  // A line may name a module several times.
  return [
    ...new Set([
      ...complaints,
      ...complainOfCycles(kept),
      ...complainOfLayers(kept, rules, isUpward),
      ...sources.flatMap((file) => complainOfFile(root, file, rules)),
    ]),
  ];
}
