// Command lines: how they are read, and how a command ends.
import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { readOptions, UsageError } from "../options.mjs";

const argv = process.argv;
afterEach(() => {
  process.argv = argv;
});

const DECLARED = {
  strings: ["addon"],
  lists: ["only"],
  counts: ["jobs"],
  flags: ["quick", "build"],
  defaults: { build: true, jobs: 7 },
  most: 1,
};

function read(...args) {
  process.argv = ["node", "ci/run.mjs", "command", ...args];
  return readOptions(DECLARED);
}

const ABSENT = { quick: false, build: true, jobs: 7, named: [] };

describe("a command line", () => {
  it.each([
    { args: [], options: {} },
    { args: ["--addon", "a.node"], options: { addon: "a.node" } },
    { args: ["--addon=a.node"], options: { addon: "a.node" } },
    { args: ["--addon", "7"], options: { addon: "7" } },
    { args: ["--only", "a"], options: { only: ["a"] } },
    { args: ["--only", "a", "--only", "b"], options: { only: ["a", "b"] } },
    { args: ["--jobs", "3"], options: { jobs: 3 } },
    { args: ["--quick"], options: { quick: true } },
    { args: ["--no-build"], options: { build: false } },
    { args: ["--quick", "suite"], options: { quick: true, named: ["suite"] } },
    { args: ["--", "--suite"], options: { named: ["--suite"] } },
  ])("is read: $args", ({ args, options }) => {
    expect(read(...args)).toEqual({ ...ABSENT, ...options });
  });

  it.each([
    { args: ["--adon", "a"], message: "Unknown option '--adon'" },
    { args: ["-q"], message: "Unknown option '-q'" },
    { args: ["--no-addon"], message: "Unknown option '--no-addon'" },
    { args: ["--constructor"], message: "Unknown option '--constructor'" },
    { args: ["--addon"], message: "Option '--addon <value>' argument missing" },
    { args: ["--addon", "--quick"], message: "Option '--addon' argument is ambiguous" },
    { args: ["--quick=no"], message: "Option '--quick' does not take an argument" },
    { args: ["--addon", "a", "--addon", "b"], message: "--addon is given more than once" },
    { args: ["--build", "--no-build"], message: "--build is given more than once" },
    { args: ["--jobs", "0"], message: "--jobs: expected a whole number from 1 on" },
    { args: ["--jobs", "1.5"], message: "--jobs: expected a whole number from 1 on" },
    { args: ["--jobs", "many"], message: "--jobs: expected a whole number from 1 on" },
    { args: ["one", "two"], message: "unknown argument two" },
  ])("is refused: $args", ({ args, message }) => {
    expect(() => read(...args)).toThrow(new UsageError(message));
  });
});

describe("a command", () => {
  /** Runs a command of this body as a process. */
  function run(body, ...args) {
    const options = JSON.stringify(new URL("../options.mjs", import.meta.url).href);
    const program = `
      import { readOptions, runCommand, UsageError } from ${options};
      await runCommand("usage: command", async () => { ${body} });`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", program, "--", "ci/run.mjs", "command", ...args],
      { encoding: "utf8" },
    );
    return { stdout, stderr, status };
  }

  it("prints its usage on demand, and does nothing", () => {
    expect(run("throw new Error()", "--nope", "--help")).toEqual({
      stdout: "usage: command\n",
      stderr: "",
      status: 0,
    });
  });

  it("ends with 2 and its usage when the command line is refused", () => {
    expect(run("readOptions(); return true;", "--nope")).toEqual({
      stdout: "",
      stderr: "Unknown option '--nope'\n\nusage: command\n",
      status: 2,
    });
  });

  it("ends with 1 and one line when it fails", () => {
    expect(run('throw new Error("the disk is full");')).toEqual({
      stdout: "",
      stderr: "the disk is full\n",
      status: 1,
    });
  });

  it("ends with 1 when not all is well, and else with 0", () => {
    expect(run("return false;").status).toBe(1);
    expect(run("return true;").status).toBe(0);
  });
});
