// Writes reference/api from the doc comments of what the package exports, and reference/log-record.md
// from one of its types. TypeDoc works on the compiler's API, which TypeScript 7 does not have yet: it
// reads the sources with the TypeScript 6 of this folder.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Application, ReflectionKind, TSConfigReader, TypeDocReader } from "typedoc";

const docs = fileURLToPath(new URL("../", import.meta.url));
const sdk = path.join(docs, "..", "sdk");

/** The source file of each entry of the package: `./dist/x.js` is made from `src/x.ts`. */
function entryPoints() {
  const { exports } = JSON.parse(readFileSync(path.join(sdk, "package.json"), "utf8"));
  return Object.values(exports)
    .map(({ types }) => types)
    .filter((types) => types !== undefined)
    .map((types) => path.join(sdk, types.replace("./dist/", "src/").replace(/\.d\.ts$/, ".ts")));
}

/** The classes whose objects a program has in its hands all the time. */
const HANDLED = ["Node", "Context", "Identity", "Network"];

/** What is called, and does not show how: every function, and the methods of what is `HANDLED`. */
function withoutExample(project) {
  const called = project.getReflectionsByKind(ReflectionKind.FunctionOrMethod).filter((one) => {
    if (one.kind === ReflectionKind.Function) return true;
    return HANDLED.includes(one.parent.name) && !one.name.startsWith("[");
  });
  return called
    .filter(({ signatures }) => signatures.every(({ comment }) => !comment?.getTag("@example")))
    .map((one) => one.getFullName());
}

rmSync(path.join(docs, "reference", "api"), { recursive: true, force: true });
const app = await Application.bootstrapWithPlugins(
  { options: path.join(docs, "tools", "typedoc.json"), entryPoints: entryPoints() },
  [new TypeDocReader(), new TSConfigReader()],
);
const project = await app.convert();
if (project === undefined) throw new Error("TypeDoc could not read the sources");
// A module is known to users by what they import.
for (const module of project.children ?? []) {
  module.name = module.name === "index" ? "runar-ts" : `runar-ts/${module.name}`;
}
app.validate(project);
for (const name of withoutExample(project)) app.logger.warn(`${name} has no @example`);
await app.generateOutputs(project);

/** VitePress takes a page named Index for its folder's own. */
function renamePages(folder) {
  for (const file of readdirSync(folder, { recursive: true })) {
    const at = path.join(folder, file);
    if (path.basename(file) === "Index.md") renameSync(at, at.replace("Index.md", "Index_.md"));
    else if (/\.(?:md|json)$/.test(file)) {
      writeFileSync(at, readFileSync(at, "utf8").replaceAll(/\bIndex\.md/g, "Index_.md"));
    }
  }
}
renamePages(path.join(docs, "reference", "api"));

const text = (comment) => comment?.summary.map((part) => part.text).join("") ?? "";
const cell = (of) => of.replaceAll("\n", " ").replaceAll("|", "\\|");

/** The table of an interface's properties, in the order of the source. */
function table(reflection) {
  const rows = reflection.children.map(
    ({ name, type, flags, comment }) =>
      `| \`${name}\` | \`${cell(String(type))}\` | ${flags.isOptional ? "" : "yes"} | ${cell(text(comment))} |`,
  );
  return ["| key | type | always there | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

const interfaces = project.getReflectionsByKind(ReflectionKind.Interface);
const found = (name) => interfaces.find((reflection) => reflection.name === name);
const record = found("LogRecord");
const error = found("LoggedError");
writeFileSync(
  path.join(docs, "reference", "log-record.md"),
  `<!-- Generated from the doc comments of the SDK when the site is built. Do not edit. -->

# The log record

${text(record.comment)} What becomes of records is told in [Logging](../guide/logging.md).

${table(record)}

## error

${text(error.comment)}

${table(error)}
`,
);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;
