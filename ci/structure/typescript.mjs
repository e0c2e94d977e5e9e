// The imports of TypeScript and JavaScript files: those of types, re-exports and `import()` included.
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseSync, Visitor } from "oxc-parser";

const IMPORTING = [
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
];

/** The file that a specifier names: the source, where it names what the compiler makes of it. */
function resolve(file, specifier, files) {
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const source = target.replace(/\.([cm]?)js$/, ".$1ts");
  return [target, source].find((candidate) => files.has(candidate));
}

function importsOf(root, file, files) {
  const text = readFileSync(path.join(root, file), "utf8");
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const imports = [];
  const add = ({ source }) => {
    if (!source?.value?.startsWith(".")) return;
    const to = resolve(file, source.value, files);
    const line = text.slice(0, source.start).split("\n").length;
    if (to !== undefined && to !== file) imports.push({ to, line });
  };
  new Visitor(Object.fromEntries(IMPORTING.map((node) => [node, add]))).visit(program);
  return imports;
}

/**
 * @param files paths below the root
 * @returns the imports of each file, `{ to, line }`
 */
export function typescriptImports(root, files) {
  const own = files.filter((file) => /\.[cm]?[jt]s$/.test(file));
  const known = new Set(own);
  return new Map(own.map((file) => [file, importsOf(root, file, known)]));
}
