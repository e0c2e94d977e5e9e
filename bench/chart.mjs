// What the measurements look like on a terminal.
const BAR_WIDTH = 40;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const LEVELS = "▁▂▃▄▅▆▇█";

/** A number in three significant digits, or all digits before the point. */
export function readable(value) {
  const rounded = Math.abs(value) < 100 ? Number(value.toPrecision(3)) : Math.round(value);
  return rounded.toLocaleString("en");
}

function bar(value, most) {
  const eighths = Math.round(Math.max(value / most, 0) * BAR_WIDTH * 8);
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

/** Rows of texts in columns; the columns named by `right` are set to the right. */
export function table(rows, right = []) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text, column) =>
    right.includes(column) ? text.padStart(widths[column]) : text.padEnd(widths[column]);
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}

/** A bar for each figure, with the median and the extremes of its rounds. */
export function barChart(title, unit, figures) {
  const most = Math.max(...figures.map(({ median }) => median));
  const rows = figures.map(({ name, median, rounds }) => [
    `  ${name}`,
    bar(median, most).padEnd(BAR_WIDTH),
    readable(median),
    rounds.length > 1
      ? `(${readable(Math.min(...rounds))} to ${readable(Math.max(...rounds))})`
      : "",
  ]);
  return `${title} [${unit}]\n${table(rows, [2])}`;
}

/** A curve in one line; `low` and `high` are the ends of its scale. */
function sparkline(values, low, high) {
  const span = high - low || 1;
  const level = (value) => Math.min(Math.floor(((value - low) / span) * LEVELS.length), 7);
  return values.map((value) => LEVELS[level(value)]).join("");
}

/** Samples of memory as a curve, between the least and the most of `scale`. */
export function curve(samples, scale = samples) {
  const [memory, all] = [samples, scale].map((some) => some.map(({ rss }) => rss));
  return sparkline(memory, Math.min(...all), Math.max(...all));
}

/** What a sample of memory holds. */
export const megabytes = ({ rss }) => `${Math.round(rss / 1e6)} MB`;
