/** `explain`: what an error code means, and what to do about it. Loads no addon: that may be the error. */

import { type Command, Help } from "commander";
import { ERRORS, type ErrorCode, HELP_PAGE } from "../../generated/error-table.js";
import { EXPLANATIONS } from "../../generated/explanations.js";
import { colors } from "../colors.js";
import { CliError } from "../exits.js";
import { addCommand } from "./command.js";

/** Lines longer than this are hard to read, however wide the terminal is. */
const MOST_COLUMNS = 100;

const CODES = Object.keys(ERRORS) as ErrorCode[];

/** Adds the command. */
export function addExplain(program: Command): void {
  addCommand(
    program,
    "explain [code]",
    "Says what an error code means, and what to do about it. Without one, lists all codes.",
    async (output, _, [name]) => {
      if (name === undefined) {
        output.print({ codes: CODES.map(summaryOf) }, allCodes);
        return;
      }
      const code = codeOf(name);
      const { advice } = EXPLANATIONS[code];
      output.print({ ...summaryOf(code), advice }, () => explanationOf(code));
    },
  );
}

/** The code of a name, which may be in lower case and without the prefix that all have. */
function codeOf(name: string): ErrorCode {
  const wanted = `ERR_RUNAR_${name.toUpperCase().replace(/^ERR_RUNAR_/, "")}`;
  const code = CODES.find((known) => known === wanted);
  if (code === undefined) {
    throw new CliError(
      "usage",
      `there is no error code ${name}`,
      "npx runar-ts explain: all codes",
    );
  }
  return code;
}

function summaryOf(code: ErrorCode) {
  const { class: errorClass, retryable } = ERRORS[code];
  const help = `${HELP_PAGE}#${code.toLowerCase()}`;
  return { code, class: errorClass, retryable, meaning: EXPLANATIONS[code].meaning, help };
}

/** What Commander breaks the lines of its help with. */
function lineBreaker(): Help & { helpWidth: number } {
  const columns = Math.min(process.stdout.columns ?? MOST_COLUMNS, MOST_COLUMNS);
  return Object.assign(new Help(), { helpWidth: columns });
}

function allCodes(): string {
  const help = lineBreaker();
  const width = Math.max(...CODES.map((code) => code.length));
  return CODES.map((code) =>
    help.formatItem(colors.bold(code), width, EXPLANATIONS[code].meaning, help),
  ).join("\n");
}

function explanationOf(code: ErrorCode): string {
  const help = lineBreaker();
  const { class: errorClass, retryable, meaning, help: address } = summaryOf(code);
  const retry = retryable ? "a retry can help" : "a retry does not help";
  const lines = EXPLANATIONS[code].advice
    .split("\n")
    .map((line) =>
      line.startsWith("- ")
        ? help.formatItem(colors.dim("-"), 1, line.slice(2), help)
        : help.boxWrap(line, help.helpWidth),
    );
  return [
    `${colors.bold(code)} ${colors.dim(`(${errorClass}, ${retry})`)}`,
    help.boxWrap(meaning, help.helpWidth),
    `${lines.join("\n")}`,
    colors.dim(`In the documentation: ${address}`),
  ].join("\n\n");
}
