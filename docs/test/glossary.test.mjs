// The words of the glossary are those of the code: each file that it names exists and has its name.
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { exists, read, root } from "./source.mjs";

const ROW = /^\| (?<word>.+?) \| (?<meaning>.+) \| (?<where>`[^|]+`) \|$/gm;
const rows = [...read("docs/inside/glossary.md").matchAll(ROW)].map(({ groups }) => ({
  word: groups.word,
  meaning: groups.meaning,
  places: [...groups.where.matchAll(/`([^`]+)`/g)].map(([, place]) => place),
}));

const isFolder = (place) => statSync(path.join(root, place)).isDirectory();

/** The text of a file, or of all files of a folder. */
function textOf(place) {
  if (!isFolder(place)) return read(place);
  return readdirSync(path.join(root, place), { recursive: true })
    .map((file) => path.join(place, file))
    .filter((file) => !isFolder(file))
    .map(read)
    .join("\n");
}

describe("the glossary", () => {
  it("has rows, each word once", () => {
    expect(rows.length).toBeGreaterThan(40);
    const words = rows.map(({ word }) => word.toLowerCase());
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  });

  it.each(rows)("names places of $word that exist", ({ places }) => {
    expect(places.filter((place) => !exists(place))).toEqual([]);
  });

  const names = rows.filter(({ word }) => word.startsWith("`"));
  it.each(names)("names a place that has $word", ({ word, places }) => {
    const name = new RegExp(`\\b${word.replaceAll("`", "")}\\b`);
    expect(places.filter((place) => exists(place) && name.test(textOf(place)))).toEqual(places);
  });
});
