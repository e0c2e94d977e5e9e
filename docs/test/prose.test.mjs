// The language of the pages: no phrase that has a plainer one.
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { pages, prose, root } from "./source.mjs";

/** What to write instead of each. */
const PLAINER = {
  whoever: "a caller, a peer, a program: name it",
  whatever: "any, every, the value that",
  nobody: "no node, no caller: name it",
  somebody: "a caller, a user: name it",
  everybody: "every node, all users: name it",
  anybody: "any program, any user: name it",
  "that which": "the thing itself",
  "what comes on top": "further calls",
  "(?:where|what) (?:it|they) bites?": "limitations",
  "so to speak": "nothing",
  "in the midst of": "during",
  "all that (?:it|they|is|are|has|have)": "everything in, all values of",
  "(?:is|are|be|been) told": "receives, learns, is notified",
  "turned away": "refused",
  "given up by whoever": "cancelled by its caller",
};

const readmes = ["examples", "create"].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true })
    .filter((file) => path.basename(file) === "README.md" && !file.includes("node_modules"))
    .map((file) => path.join(folder, file)),
);
/** The reference is generated, some of it from comments when the site is built. */
const GENERATED = /^docs\/reference\/(?!index)/;
const written = [...pages, ...readmes].filter((page) => !GENERATED.test(page));

/** Text between backticks is a name or a message of the program. */
const words = (page) => prose(page).replace(/`[^`]*`|<!--[\s\S]*?-->/g, "");

describe("the language of the pages", () => {
  it("is checked on every page", () => {
    expect(written.length).toBeGreaterThan(40);
  });

  it.each(written)("of %s is plain", (page) => {
    const found = Object.entries(PLAINER).flatMap(([phrase, instead]) => {
      const uses = words(page).match(new RegExp(`\\b${phrase}\\b`, "gi")) ?? [];
      return uses.map((use) => `${use}: write ${instead}`);
    });
    expect(found).toEqual([]);
  });
});
