// The command lines of commands.
import { parseArgs } from "node:util";

/** A command line that makes no sense; the message says what of it. */
export class UsageError extends Error {}

/** Reads the arguments by `parseArgs`, which also checks which options are known and have a value. */
function parse(options) {
  try {
    return parseArgs({
      args: process.argv.slice(3),
      options,
      ...{ strict: true, allowPositionals: true, allowNegative: true, tokens: true },
    });
  } catch (error) {
    if (!error.code?.startsWith("ERR_PARSE_ARGS_")) throw error;
    // Its further sentences are about arguments that begin with a dash.
    throw new UsageError(error.message.split(/\.\s/)[0]);
  }
}

function readCount(name, text) {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new UsageError(`--${name}: expected a whole number from 1 on`);
}

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
  const { values, positionals, tokens } = parse({
    ...Object.fromEntries([...strings, ...counts].map((name) => [name, { type: "string" }])),
    ...Object.fromEntries(lists.map((name) => [name, { type: "string", multiple: true }])),
    ...Object.fromEntries(flags.map((name) => [name, { type: "boolean", default: false }])),
  });
  const given = tokens.flatMap(({ kind, name }) => (kind === "option" ? [name] : []));
  const twice = given.find((name, at) => !lists.includes(name) && given.indexOf(name) < at);
  if (twice !== undefined) throw new UsageError(`--${twice} is given more than once`);
  for (const name of counts) {
    if (name in values) values[name] = readCount(name, values[name]);
  }
  if (positionals.length > most) throw new UsageError(`unknown argument ${positionals[most]}`);
  const absent = Object.entries(defaults).filter(([name]) => !given.includes(name));
  return { ...values, ...Object.fromEntries(absent), named: positionals };
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
