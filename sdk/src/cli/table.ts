/** Tables for people: columns as wide as what is in them. */

import stringWidth from "fast-string-width";
import { colors } from "./colors.js";

const GAP = "  ";

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

/** Rows under their headings. Cells may be coloured. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(stringWidth(heading), ...rows.map((row) => stringWidth(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) => padded(cells[column] ?? "", width))
      .join(GAP)
      .trimEnd();
  const head = headings.map((heading) => colors.dim(heading));
  return [line(head), ...rows.map(line)].join("\n");
}

/** Names and what they stand for, one below the other. */
export function list(entries: readonly (readonly [string, string])[]): string {
  const width = Math.max(...entries.map(([name]) => stringWidth(name)));
  return entries
    .map(([name, text]) => `${colors.dim(padded(name, width))}${GAP}${text}`)
    .join("\n");
}
