/** Every TypeScript snippet of these pages is type-checked and run, and its output compared. */

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformWithEsbuild } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
// Inside of the package, so that `runar-ts` is found by its name.
const folder = fileURLToPath(new URL("../.snippets/", import.meta.url));
const PAGES = [
  "README.md",
  "docs/identity.md",
  "docs/logging.md",
  "docs/networking.md",
  "docs/observability.md",
  "docs/rust-services.md",
];
const SNIPPET =
  /^##+ (?<title>.+)$|^```ts\n(?<code>[\s\S]*?)^```\n(?:\n```text\n(?<output>[\s\S]*?)^```$)?/gm;

interface Snippet {
  page: string;
  title: string;
  code: string;
  output: string | undefined;
}

function snippetsOf(page: string): Snippet[] {
  const snippets: Snippet[] = [];
  let title = "";
  for (const { groups = {} } of readFileSync(`${root}${page}`, "utf8").matchAll(SNIPPET)) {
    if (groups.title !== undefined) title = groups.title;
    else snippets.push({ page, title, code: groups.code ?? "", output: groups.output });
  }
  return snippets;
}

const snippets = PAGES.flatMap(snippetsOf);

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [index, { code }] of snippets.entries()) {
    writeFileSync(`${folder}snippet-${index}.ts`, code);
  }
  const compilerOptions = { noEmit: true, composite: false, verbatimModuleSyntax: false };
  const config = { extends: "../../tsconfig.base.json", compilerOptions, include: ["*.ts"] };
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify(config));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the snippets of the pages", () => {
  it("are all found, and all say what they print", () => {
    for (const page of PAGES) {
      expect(snippets.filter((snippet) => snippet.page === page).length).toBeGreaterThanOrEqual(2);
    }
    expect(snippets.filter(({ output }) => output === undefined)).toEqual([]);
  });

  it("compile", () => {
    const { stdout } = spawnSync(`${root}node_modules/.bin/tsc`, ["-p", folder], {
      encoding: "utf8",
    });
    expect(stdout).toBe("");
  });

  it.each(snippets.map((snippet, index) => ({ ...snippet, index })))(
    "$page, $title: prints what stands below it",
    async ({ code, output, index }) => {
      const file = `${folder}snippet-${index}.mjs`;
      const compiled = await transformWithEsbuild(code, "snippet.ts", {
        target: "es2022",
        sourcemap: false,
      });
      writeFileSync(file, compiled.code);
      const run = spawnSync(process.execPath, [file], { encoding: "utf8", timeout: 20_000 });
      expect(run).toMatchObject({ stdout: output, stderr: "", status: 0 });
    },
  );

  it("the demo's output in the README is what the demo prints", () => {
    const expected = readFileSync(`${root}examples/math-service/expected.txt`, "utf8");
    expect(readFileSync(`${root}README.md`, "utf8")).toContain(`\`\`\`text\n${expected}\`\`\``);
  });
});
