// What publint and attw say of the entries of the packages; a suggestion counts like an error.
import { $ } from "zx";
import { releaseTool } from "../tools.mjs";

async function publint({ file, name }) {
  const { exitCode, stdout, stderr } = await $({
    quiet: true,
    nothrow: true,
  })`${releaseTool("publint")} run ${file} --strict`;
  if (exitCode === 0 && stdout.includes("All good!")) return [];
  return [`${name}: publint says:\n${stdout.split("Linting...").at(-1)}${stderr}`.trim()];
}

/** The packages are for `import` alone, on purpose: what attw says of `require` is not asked. */
async function attw({ file, name }) {
  const { exitCode, stdout, stderr } = await $({
    quiet: true,
    nothrow: true,
    env: { ...process.env, FORCE_COLOR: "0" },
  })`${releaseTool("attw")} ${file} --profile esm-only --format ascii --no-emoji`;
  if (exitCode === 0) return [];
  return [`${name}: attw says:\n${stdout}${stderr}`.trim()];
}

export async function entryProblems({ packages }) {
  const problems = [];
  for (const one of packages) {
    problems.push(...(await publint(one)));
    if (one.manifest.exports !== undefined) problems.push(...(await attw(one)));
  }
  return problems;
}
