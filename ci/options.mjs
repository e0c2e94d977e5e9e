// The command lines of commands.
import { minimist } from "zx";

/** A command line that makes no sense; the message says what of it. */
export class UsageError extends Error {}

/**
 * Reads the command line behind the command's name; what is not an option is in `named`.
 *
 * @param strings options with a value, `lists` those that may be given several times, `counts` those
 *   that are whole numbers from 1 on
 * @param defaults what options are that are not given; a flag that is on is turned off by `--no-…`
 * @param most how much may be named
 * @throws a UsageError
 */
export function readOptions({
  strings = [],
  lists = [],
  counts = [],
  flags = [],
  defaults = {},
  most = 0,
} = {}) {
  const { _: named, ...given } = minimist(process.argv.slice(3), {
    string: [...strings, ...lists],
    boolean: flags,
    default: defaults,
  });
  const known = [...strings, ...lists, ...counts, ...flags];
  for (const [key, value] of Object.entries(given)) {
    if (!known.includes(key)) throw new UsageError(`unknown option --${key}`);
    if (lists.includes(key)) given[key] = [value].flat();
    else if (Array.isArray(value)) throw new UsageError(`--${key} is given more than once`);
    if (counts.includes(key) && !(Number.isInteger(value) && value > 0)) {
      throw new UsageError(`--${key}: expected a whole number from 1 on`);
    }
  }
  if (named.length > most) throw new UsageError(`unknown argument ${named[most]}`);
  return { ...given, named };
}

/** A list between commas, of which each must be known. */
export function readList(text = "", known) {
  return text
    .split(",")
    .filter((one) => one !== "")
    .map((one) => readKnown(one, known));
}

/** One of those that are known. */
export function readKnown(one, known) {
  if (!known.includes(one)) throw new UsageError(`${one} is none of ${known.join(", ")}`);
  return one;
}

/** What there is to say of a failure; a program whose output went to the terminal has said it there. */
function messageOf({ message, exitCode, stderr }) {
  const told = exitCode !== undefined && !stderr;
  return told ? `what it ran ended with exit code ${exitCode}` : message;
}

/**
 * Runs a command, which returns whether all is well; a message of its own is all that it says on failure.
 * `--help` prints the usage instead, which follows the message where the command line was at fault.
 */
export async function runCommand(usage, body) {
  if (process.argv.includes("--help")) {
    console.log(usage);
    return;
  }
  try {
    if (!(await body())) process.exitCode = 1;
  } catch (error) {
    const mistaken = error instanceof UsageError;
    console.error(mistaken ? `${error.message}\n\n${usage}` : messageOf(error));
    process.exitCode = mistaken ? 2 : 1;
  }
}
