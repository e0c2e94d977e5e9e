// The command line of the conformance suite.
import { minimist } from "zx";

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

const STRINGS = [
  "only",
  "runtime",
  "addon",
  "packages",
  "instrument",
  "json",
  "junit",
  "case",
  "from",
  "to",
  "kind",
];
const FLAGS = ["short", "newest", "check", "accept", "help"];
const COUNTS = ["repeat", "jobs"];
const KNOWN = [...STRINGS, ...FLAGS, ...COUNTS];

/** @throws an Error that names what makes no sense. */
export function readOptions(args) {
  const { _: named, ...given } = minimist(args, { boolean: FLAGS, string: STRINGS });
  const unknown = Object.keys(given).filter((key) => !KNOWN.includes(key));
  if (unknown.length > 0) throw new Error(`unknown option --${unknown[0]}`);
  const [command = "run", ...rest] = named;
  if (!["run", "bisect"].includes(command) || rest.length > 0) {
    throw new Error(`unknown argument ${rest[0] ?? command}`);
  }
  for (const key of COUNTS) {
    if (given[key] !== undefined && !(Number.isInteger(given[key]) && given[key] > 0)) {
      throw new Error(`--${key}: expected a whole number from 1 on`);
    }
  }
  if (command === "bisect" && !["case", "from", "to"].every((key) => given[key])) {
    throw new Error("bisect needs --case, --from and --to");
  }
  const list = (key) => [given[key] ?? []].flat();
  return { ...given, command, only: list("only"), runtime: list("runtime") };
}
