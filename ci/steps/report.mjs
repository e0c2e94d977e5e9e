// What is seen of steps: the output of each when it ends, which of them run meanwhile, and at the end the
// slowest ones and a line that counts.
import { chalk } from "zx";

const SLOWEST = 5;
/** How often a log, which has no line to write anew, gets one. */
const LOG_EVERY_MS = 30_000;
const DRAW_EVERY_MS = 1_000;

const secondsSince = (began) => Math.round((performance.now() - began) / 1000);

/** @param stream the terminal, or the file or pipe that stands for it */
export function makeReport(total, stream = process.stdout) {
  const began = performance.now();
  const running = new Map();
  const took = [];
  const isTerminal = stream.isTTY === true;
  const print = (text) => stream.write(isTerminal ? `\r\x1b[K${text}\n` : `${text}\n`);

  const status = () => {
    const names = [...running].map(([name, since]) => `${name} (${secondsSince(since)} s)`);
    return `${took.length} of ${total} done, ${secondsSince(began)} s: ${names.join(", ")}`;
  };
  const draw = () => {
    if (isTerminal) stream.write(`\r\x1b[K${chalk.dim(status().slice(0, stream.columns - 1))}`);
    else stream.write(`… ${status()}\n`);
  };
  const timer = setInterval(draw, isTerminal ? DRAW_EVERY_MS : LOG_EVERY_MS);

  return {
    begin(name) {
      running.set(name, performance.now());
      if (isTerminal) draw();
      else print(`▶ ${name}`);
    },
    end(name, passed, output) {
      const seconds = secondsSince(running.get(name));
      running.delete(name);
      took.push({ name, seconds });
      const mark = passed ? chalk.green("✓") : chalk.red("✗");
      const text = output.trim();
      print(`\n${mark} ${chalk.bold(name)} (${seconds} s)${text === "" ? "" : `\n${text}\n`}`);
    },
    skip(name, missing) {
      print(`\n${chalk.yellow("–")} ${chalk.bold(name)}: skipped, because ${missing} did not pass`);
    },
    close({ passed, failed, skipped }) {
      clearInterval(timer);
      const slowest = took.sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
      const rows = slowest.map(({ name, seconds }) => `${String(seconds).padStart(6)} s  ${name}`);
      print(`\nThe slowest of ${secondsSince(began)} s:\n${rows.join("\n")}\n`);
      for (const name of failed) print(chalk.red(`✗ ${name}: npm test -- --only "${name}"`));
      print(`${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`);
    },
  };
}
