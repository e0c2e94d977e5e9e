// The command lines of commands.
import { minimist } from "zx";

/**
 * @param defaults values of flags that are on unless `--no-…` is given
 * @throws an Error that names what makes no sense
 */
export function readOptions(args, { strings = [], flags = [], defaults = {}, most = 0 }) {
  const { _: named, ...given } = minimist(args, {
    string: strings,
    boolean: flags,
    default: defaults,
  });
  const [unknown] = Object.keys(given).filter((key) => ![...strings, ...flags].includes(key));
  if (unknown !== undefined) throw new Error(`unknown option --${unknown}`);
  if (named.length > most) throw new Error(`unknown argument ${named[most]}`);
  return { ...given, named };
}

/** A list between commas, of which each must be known. */
export function readList(text = "", known) {
  const list = text.split(",").filter((one) => one !== "");
  const stranger = list.find((one) => !known.includes(one));
  if (stranger !== undefined) throw new Error(`${stranger} is none of ${known.join(", ")}`);
  return list;
}

/**
 * Runs a command, which returns whether all is well; a message of its own is all that it says on failure.
 * `--help` prints the usage instead.
 */
export async function runCommand(usage, body) {
  if (process.argv.includes("--help")) {
    console.log(usage);
    return;
  }
  try {
    if (!(await body())) process.exitCode = 1;
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exitCode = 2;
  }
}
