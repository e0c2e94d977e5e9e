// What is seen while the suite runs, and what is left on the screen when it has.
import { SingleBar } from "cli-progress";
import { chalk } from "zx";
import { isGood } from "./expectations.mjs";
import { nameOf } from "./runtimes.mjs";

/** What a result is called, with its lane where it has one. */
export function titleOf({ name, lane, runtime }) {
  return `${name}${lane === undefined ? "" : ` (${lane})`} on ${nameOf(runtime)}`;
}

function complain(result) {
  const { status, kind, why = "", stderr, expectation } = result;
  const lines = [`${chalk.red("✗")} ${titleOf(result)}: ${chalk.bold(kind)}`];
  if (status === "unexpected pass") {
    lines.push(`  it passed, but expectations.json says: ${expectation.kind}, ${expectation.why}`);
  } else if (expectation !== undefined) {
    lines.push(`  expectations.json says: ${expectation.kind}, showing ${expectation.shows}`);
  }
  if (why) lines.push(why.replace(/^/gm, "  "));
  if (stderr.trim()) lines.push(chalk.dim(stderr.trim().slice(0, 4000).replace(/^/gm, "  | ")));
  return lines.join("\n");
}

/** Follows a suite: a bar on a terminal; elsewhere a line for each runtime that is through. */
export function follow(total, runtimes) {
  const bar = process.stderr.isTTY
    ? new SingleBar({
        format: "{bar} {value}/{total} {what}",
        hideCursor: true,
        clearOnComplete: true,
      })
    : undefined;
  bar?.start(total, 0, { what: "" });
  const left = new Map(runtimes.map((runtime) => [runtime, total / runtimes.length]));
  const bad = new Map(runtimes.map((runtime) => [runtime, 0]));
  const print = (text) => {
    if (bar !== undefined) process.stderr.write("\r\x1b[K");
    console.log(text);
  };
  return {
    result(result) {
      const { runtime, status } = result;
      if (!isGood(status)) {
        bad.set(runtime, bad.get(runtime) + 1);
        print(complain(result));
      }
      left.set(runtime, left.get(runtime) - 1);
      if (left.get(runtime) === 0 && bar === undefined) {
        const failures = bad.get(runtime);
        const mark = failures === 0 ? chalk.green("✓") : chalk.red("✗");
        print(`${mark} ${nameOf(runtime)}${failures === 0 ? "" : `: ${failures} not as expected`}`);
      }
      bar?.increment(1, { what: titleOf(result) });
    },
    end: () => bar?.stop(),
  };
}
