/** The tables of keys and options in the guides: the same as the lists that the code checks by. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { REQUEST_OPTIONS } from "../dist/api/call-options.js";
import { ACTION_KEYS, SERVICE_KEYS } from "../dist/api/definition-checks.js";
import { NODE_FILE_OPTIONS, NODE_OPTIONS } from "../dist/node/options.js";
import { GATEWAY_OPTIONS } from "../dist/services/gateway-options.js";

const guide = new URL("../../docs/guide/", import.meta.url);
const pages = new Map(
  readdirSync(guide)
    .filter((file) => file.endsWith(".md"))
    .map((file) => [file, readFileSync(new URL(file, guide), "utf8")]),
);

/** The names in the first column of each table of a page that begins with `key` or `option`. */
function tablesOf(page: string): string[][] {
  const tables = page.matchAll(/^\| (?:key|option) \|.*\n\|[-|]+\n((?:\|.*\n)+)/gm);
  return [...tables].map(([, rows = ""]) =>
    rows
      .trim()
      .split("\n")
      .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)[^`]*`/g)])
      .map(([, name = ""]) => name),
  );
}

/** The lists of keys by page, in the order of the tables. */
const LISTS: Record<string, readonly (readonly string[])[]> = {
  "calls.md": [REQUEST_OPTIONS],
  "rust-services.md": [GATEWAY_OPTIONS],
  "services.md": [SERVICE_KEYS, ACTION_KEYS],
};

describe("the tables of keys in the guides", () => {
  it.each([...pages.keys()])("%s has the keys that the code knows", (file) => {
    const tables = tablesOf(pages.get(file) ?? "").map((names) => [...names].sort());
    const lists = (LISTS[file] ?? []).map((names) => [...names].sort());
    expect(tables).toEqual(lists);
  });

  it.each([...new Set([...NODE_OPTIONS, ...NODE_FILE_OPTIONS])])(
    "a guide shows the option %s of a node",
    (option) => {
      const text = [...pages.values()].join("\n");
      expect(text).toMatch(new RegExp(`\`${option}\\b|\\{[^{}]*\\b${option}\\b[^{}]*\\}`));
    },
  );
});
