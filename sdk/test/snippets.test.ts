/**
 * Runs every snippet of the documentation and compares its output; a snippet that is not run states why.
 * TypeScript is type-checked first. With SNIPPETS_MODULES, the `node_modules` of a project with the packed
 * packages, snippets run against these, including those that need a package of `docs` (see `COMPARED`).
 */

import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pages, read, root, type Snippet, snippetsOf } from "./snippets.js";

const modules = process.env.SNIPPETS_MODULES;
// A folder where `runar-ts` resolves by name: inside the package, or beside the packed packages.
const folder = `${root}${modules === undefined ? "sdk" : "docs"}/.snippets/`;
/** Pages about other frameworks, which only `docs` installs. */
const COMPARED = /^docs\/coming-from\//;

const all = pages().flatMap(snippetsOf);
const typescript = all.filter(({ language }) => language === "ts");
const isHere = ({ page }: Snippet) => modules !== undefined || !COMPARED.test(page);
const checked = typescript.filter(isHere).filter(({ notRun }) => !notRun?.startsWith("a fragment"));
const toRun = checked.filter(({ notRun }) => notRun === undefined);
const shell = all.filter(({ language, output }) => language === "sh" && output !== undefined);

/** The output of the compiler, which writes JavaScript beside each snippet. */
let complaints: string;

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  if (modules !== undefined) symlinkSync(modules, `${folder}node_modules`);
  for (const [index, { code }] of checked.entries()) {
    // A snippet without imports is also a module.
    writeFileSync(`${folder}snippet-${index}.ts`, `${code}\nexport {};\n`);
  }
  const compilerOptions = {
    composite: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    inlineSources: false,
    verbatimModuleSyntax: false,
    // As NestJS needs it.
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  };
  const config = { extends: "../../tsconfig.base.json", compilerOptions, include: ["*.ts"] };
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify(config));
  const tsc = spawnSync(`${root}node_modules/.bin/tsc`, ["-p", folder], { encoding: "utf8" });
  complaints = tsc.stdout + tsc.stderr;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Loading the addon takes seconds on the slowest test machine. */
const TIMEOUT_MS = 60_000;

/** Runs a program to its end. */
function run(file: string, args: string[], cwd?: string) {
  return new Promise<object>((resolve) => {
    execFile(file, args, { cwd, timeout: TIMEOUT_MS }, (error, stdout, stderr) =>
      resolve({ stdout, stderr, status: error === null ? 0 : (error.code ?? error.signal) }),
    );
  });
}

const named = ({ page, title }: Snippet) => `${page}, ${title}`;

describe("snippets of the documentation", () => {
  it("are found", () => {
    expect(toRun.length).toBeGreaterThan(20);
  });

  it("are run, or state why not", () => {
    const silent = all.filter(
      ({ language, output, notRun }) =>
        !["json", "text"].includes(language) && output === undefined && notRun === undefined,
    );
    expect(silent.map(named)).toEqual([]);
  });

  it("in JSON parse, and configs match the schema", () => {
    const isConfig = new Ajv2020().compile(JSON.parse(read("sdk/config.schema.json")));
    for (const { language, code } of all) {
      if (language !== "json") continue;
      // Keys are shortened on the pages.
      const value = JSON.parse(code.replace("04a1…", `04${"a1".repeat(64)}`));
      if (!("network_config" in value)) continue;
      isConfig(value);
      expect(isConfig.errors).toBe(null);
    }
  });

  it("in Rust are parts of a program that is built and run", () => {
    const services = readdirSync(`${root}crates/test-peer/src/services`);
    const sources = services.map((file) => read(`crates/test-peer/src/services/${file}`));
    for (const { language, code } of all) {
      if (language !== "rust") continue;
      for (const part of code.split(/^\/\/ …\n/m)) {
        expect(sources.some((source) => source.includes(part))).toBe(true);
      }
    }
  });

  it("in TypeScript compile", () => {
    const where = /^\S*snippet-(\d+)\.ts/gm;
    expect(complaints.replace(where, (_, at) => named(checked[at] as Snippet))).toBe("");
  });

  it.each(toRun.map((snippet) => ({ ...snippet, index: checked.indexOf(snippet) })))(
    "$page, $title: prints the output below it",
    async ({ output, index }) => {
      const ended = await run(process.execPath, [`${folder}snippet-${index}.js`]);
      expect(ended).toEqual({ stdout: output, stderr: "", status: 0 });
    },
    2 * TIMEOUT_MS,
  );

  it.each(shell)(
    "$page, $title: the shell prints the output below it",
    async ({ code, output }) => {
      const cwd = mkdtempSync(join(tmpdir(), "snippet-"));
      const npx = `npx() { shift; node ${root}sdk/bin/runar-ts.js "$@"; }`;
      const ended = await run("sh", ["-c", `${npx}\n${code}`], cwd);
      rmSync(cwd, { recursive: true });
      expect(ended).toEqual({ stdout: output, stderr: "", status: 0 });
    },
    2 * TIMEOUT_MS,
  );

  it("the demo prints its output in the README", () => {
    expect(read("README.md")).toContain(
      `\`\`\`text\n${read("examples/math-service/expected.txt")}\`\`\``,
    );
  });
});
