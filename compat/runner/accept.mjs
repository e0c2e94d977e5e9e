// Takes what cases print for their golden traces, once every run of a case printed the same.
import { chalk } from "zx";
import { writeGolden } from "./cases.mjs";
import { titleOf } from "./progress.mjs";
import { difference } from "./verdict.mjs";

/** Writes golden traces; says of which cases it could not. */
export function accept(results) {
  for (const one of new Set(results.map((result) => result.case))) {
    const runs = results.filter((result) => result.case === one);
    const [{ trace }] = runs;
    const other = runs.find((run) => run.trace !== trace);
    if (other !== undefined) {
      console.log(`${chalk.red("not accepted")} ${titleOf(runs[0])} and ${titleOf(other)} differ`);
      console.log(difference(trace, other.trace).replace(/^/gm, "  "));
    } else if (trace !== one.golden) {
      writeGolden(one.file, trace);
      console.log(
        `${chalk.green("accepted")} ${one.name}\n${chalk.dim(trace.replace(/^/gm, "  "))}`,
      );
    }
  }
}
