// The command line of the conformance suite.
import { readKnown, readOptions, UsageError } from "./options.mjs";

export const USAGE = `usage: npm run compat -- [option …]
       npm run compat -- bisect --case NAME --from VERSION --to VERSION [--kind node|bun]

  --only TEXT        only cases whose names contain it; may be given several times
  --runtime WHAT     node, bun, node@20, bun@1.1.26; may be given several times
  --short            the runtimes of compat/runtimes.json that are marked short
  --newest           the newest Node and the newest Bun, whether listed or not
  --repeat N         each case so many times
  --jobs N           so many at once; by default two for each core
  --addon FILE       a build of the addon to run instead of the tree's own
  --packages DIR     packed packages to run instead of the tree's own
  --instrument WHAT  address (AddressSanitizer), leaks (LeakSanitizer) or gc (collects all the time)
  --check            fails when the matrix in the tree is not what the results give
  --accept           writes what the cases print as their golden traces, where all runs agree
  --json FILE        writes the results as JSON
  --junit FILE       writes the results as JUnit XML`;

/** @throws a UsageError */
export function readCompatOptions() {
  const { named, ...options } = readOptions({
    strings: ["addon", "packages", "instrument", "json", "junit", "case", "from", "to", "kind"],
    lists: ["only", "runtime"],
    counts: ["repeat", "jobs"],
    flags: ["short", "newest", "check", "accept"],
    most: 1,
  });
  const command = readKnown(named[0] ?? "run", ["run", "bisect"]);
  if (command === "bisect" && !["case", "from", "to"].every((key) => options[key])) {
    throw new UsageError("bisect needs --case, --from and --to");
  }
  return { only: [], runtime: [], ...options, command };
}
