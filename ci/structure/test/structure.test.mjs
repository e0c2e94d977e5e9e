// Plants each fault in a tree of its own; the check must find it and say what to do.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { complaintsOf } from "../check.mjs";

const NO_RULES = {
  layers: {},
  exceptions: [],
  limits: { sources: 400, tests: 700 },
  tests: ["**/*.test.ts", "**/tests.rs"],
  generated: ["**/generated/**"],
  planted: [],
  uncommented: [],
};

let root;
afterEach(() => rmSync(root, { recursive: true }));

/** Checks a tree of these files, each of which begins with a comment unless it is told otherwise. */
function check(tree, rules = {}) {
  root = mkdtempSync(path.join(os.tmpdir(), "structure-"));
  for (const [file, text] of Object.entries(tree)) {
    const full = path.join(root, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text.startsWith("!") ? text.slice(1) : `// Planted.\n${text}`);
  }
  return complaintsOf(root, Object.keys(tree), { ...NO_RULES, ...rules });
}

const ADVICE =
  "  Move what both sides need into a file that imports neither, or pass it in as an argument.";

describe("a cycle of TypeScript files is found", () => {
  it("with its files and lines, and the shortest one of several", () => {
    const complaints = check({
      "a.ts": 'import { b } from "./b.js";\nexport const a = b;',
      "b.ts":
        '\nimport { c } from "./c.js";\nimport { a } from "./a.js";\nexport const b = [a, c];',
      "c.ts": 'import { a } from "./a.js";\nexport const c = a;',
      "free.ts": 'import { a } from "./a.js";\nexport const free = a;',
    });
    expect(complaints).toEqual([
      [
        "3 files import each other. The shortest cycle:",
        "  a.ts:2 imports b.ts",
        "  b.ts:4 imports a.ts",
        ADVICE,
      ].join("\n"),
    ]);
  });

  it.each([
    ["an import of types", 'import type { A } from "./a.js";\nexport type B = A;'],
    ["an import of one type", 'import { type A } from "./a.js";\nexport type B = A;'],
    ["a type that is imported where it is named", 'export type B = import("./a.js").A;'],
    ["a re-export", 'export { a as b } from "./a.js";'],
    ["a re-export of types", 'export type { A } from "./a.js";'],
    ["a re-export of everything", 'export * from "./a.js";'],
    ["an import for its effect", 'import "./a.js";'],
    ["a dynamic import", 'export const b = () => import("./a.js");'],
  ])("that %s closes", (_, text) => {
    const a = 'import "./b.js";\nexport const a = 1;\nexport type A = number;';
    expect(check({ "a.ts": a, "b.ts": text })).toEqual([
      expect.stringContaining("b.ts:2 imports a.ts"),
    ]);
  });

  it("and none where an import stands in a comment or a text", () => {
    expect(
      check({
        "a.mts": 'import { b } from "./b.mjs";\nexport const a = b;',
        "b.mts": '// import "./a.mjs";\nexport const b = \'import "./a.mjs"\';',
      }),
    ).toEqual([]);
  });
});

describe("a cycle of Rust files is found", () => {
  const tree = (b) => ({
    "crates/x/src/lib.rs": "mod a;\nmod b;",
    "crates/x/src/a.rs": "use crate::b::B;\npub struct A(B);",
    "crates/x/src/b.rs": b,
  });

  it.each([
    ["a use", "use crate::a::A;"],
    ["a use of several", "use std::{fmt, io};\nuse crate::{a::{A, Other}, c};"],
    ["a use of the module", "use crate::a::{self};"],
    ["a use under another name", "use crate::{a as other};"],
    ["a use of everything", "use super::a::*;"],
    ["a re-export", "pub(crate) use super::a::A;"],
    ["a path in code", "fn b() { crate::a::run(); }"],
    ["a path in a macro", 'fn b() { println!("{}", crate::a::NAME); }'],
    ["a type", "struct B { a: Vec<super::a::A> }"],
    ["an inline module", "mod inner {\n    use super::super::a::A;\n}"],
    ["code behind a text and a lifetime", 'const T: &\'static str = "//"; use crate::a::A;'],
  ])("that %s closes", (_, text) => {
    expect(check(tree(text))).toEqual([
      expect.stringMatching(
        /^2 files import each other[\s\S]*crates\/x\/src\/b\.rs:\d+ imports crates\/x\/src\/a\.rs\n/,
      ),
    ]);
  });

  it.each([
    ["a comment", "// use crate::a::A;\n/* crate::a::run() */"],
    ["a text", 'const TEXT: &str = r#"use crate::a::A;"#;'],
    ["a visibility", "pub(in crate::a) struct B;"],
    ["another crate", "use a::A;\nuse ::a::B;"],
    ["its own inline module", "mod a { pub fn run() {} }\nfn b() { a::run(); }"],
  ])("and none where %s names the file", (_, text) => {
    expect(check(tree(text))).toEqual([]);
  });

  it("between a module and its child, which `mod` alone does not import", () => {
    const parent = { "crates/x/src/lib.rs": "mod net;", "crates/x/src/net/mod.rs": "mod link;" };
    const child = { "crates/x/src/net/link.rs": "use super::Endpoint;" };
    expect(check({ ...parent, ...child })).toEqual([]);
    rmSync(root, { recursive: true });
    const both = { ...parent, "crates/x/src/net/mod.rs": "mod link;\nuse link::Link;", ...child };
    expect(check(both)).toEqual([
      expect.stringContaining("link.rs:2 imports crates/x/src/net/mod"),
    ]);
  });

  it("through a file that #[path] names, whichever feature chooses it", () => {
    const complaints = check({
      "crates/x/src/lib.rs":
        '#[cfg(feature = "y")]\nmod y;\n#[cfg(not(feature = "y"))]\n#[path = "no_y.rs"]\nmod y;\nmod z;',
      "crates/x/src/y.rs": "pub fn run() {}",
      "crates/x/src/no_y.rs": "use crate::z::Z;",
      "crates/x/src/z.rs": "fn z() { crate::y::run(); }",
    });
    expect(complaints).toEqual([expect.stringContaining("no_y.rs:2 imports crates/x/src/z.rs")]);
  });
});

describe("layers", () => {
  const layers = { src: [["api"], ["runtime", "shared.ts"]] };
  const tree = {
    "src/api/node.ts": 'import "../runtime/host.js";',
    "src/runtime/host.ts": 'import "../shared.js";',
    "src/shared.ts": "",
  };

  it("let imports go down and sideways", () => {
    expect(check(tree, { layers })).toEqual([]);
  });

  it("refuse an import that goes up, in both languages", () => {
    const up = { ...tree, "src/shared.ts": 'import type { A } from "./api/other.js";' };
    expect(check({ ...up, "src/api/other.ts": "export type A = 1;" }, { layers })).toEqual([
      "src/shared.ts:2 imports src/api/other.ts, which is in a higher layer of ci/structure/rules.json.\n" +
        "  Move what it needs down, or pass it in as an argument.",
    ]);
    rmSync(root, { recursive: true });
    const rust = {
      "crates/x/src/lib.rs": "mod low;\nmod high;",
      "crates/x/src/high.rs": "",
      "crates/x/src/low.rs": "use crate::high::run;",
    };
    const rules = { layers: { "crates/x/src": [["lib.rs"], ["high.rs"], ["low.rs"]] } };
    expect(check(rust, rules)).toEqual([
      expect.stringContaining("low.rs:2 imports crates/x/src/high.rs, which is in a higher layer"),
    ]);
  });

  it("let a test import what it tests with", () => {
    const test = { "src/runtime/host.test.ts": 'import "../api/node.js";' };
    expect(check({ ...tree, ...test }, { layers })).toEqual([]);
  });

  it("hold every file of their root, and name nothing else", () => {
    expect(check({ ...tree, "src/new/file.ts": "" }, { layers })).toEqual([
      "src/new/file.ts is in no layer: name it, or its folder, in ci/structure/rules.json.",
    ]);
    rmSync(root, { recursive: true });
    expect(check(tree, { layers: { src: [...layers.src, ["gone"]] } })).toEqual([
      "src/gone is a layer and there is no such file: delete it from ci/structure/rules.json.",
    ]);
  });
});

describe("exceptions", () => {
  const exceptions = [{ from: "a.ts", to: "b.ts", why: "planted" }];
  const b = 'import "./a.js";';

  it("let one import close a cycle", () => {
    expect(check({ "a.ts": 'import "./b.js";', "b.ts": b }, { exceptions })).toEqual([]);
  });

  it.each([
    ["the import is gone", { "a.ts": "", "b.ts": b }],
    ["the import closes no cycle", { "a.ts": 'import "./b.js";', "b.ts": "" }],
  ])("fail when %s", (_, tree) => {
    expect(check(tree, { exceptions })).toEqual([
      "The exception of a.ts, which imports b.ts, is no longer needed: delete it from ci/structure/rules.json.",
    ]);
  });
});

describe("a file", () => {
  const lines = (count) => "x;\n".repeat(count - 1);

  it("may have 400 lines, a test 700, and what is generated any number", () => {
    expect(
      check({
        "short.ts": lines(400),
        "long.test.ts": lines(700),
        "generated/table.ts": lines(2_000),
      }),
    ).toEqual([]);
    rmSync(root, { recursive: true });
    expect(check({ "crates/x/src/lib.rs": lines(401), "long.test.ts": lines(701) })).toEqual([
      "crates/x/src/lib.rs has 401 lines, and may have 400: make two files of it.",
      "long.test.ts has 701 lines, and may have 700: make two files of it.",
    ]);
  });

  it("begins with a comment, behind the line that names its interpreter", () => {
    expect(check({ "program.mjs": "!#!/usr/bin/env node\n// What it does.\n" })).toEqual([]);
    rmSync(root, { recursive: true });
    expect(check({ "silent.mjs": "!export const a = 1;\n" })).toEqual([
      "silent.mjs does not begin with a comment: say in it what the file is about.",
    ]);
  });
});

it("the rules of the project have at most one exception", () => {
  root = mkdtempSync(path.join(os.tmpdir(), "structure-"));
  const rules = JSON.parse(readFileSync(new URL("../rules.json", import.meta.url), "utf8"));
  expect(rules.exceptions.length).toBeLessThanOrEqual(1);
});
