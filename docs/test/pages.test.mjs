// What pages say exists: where links lead, error codes, options, names.
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createError, ERRORS } from "../../sdk/dist/errors/errors.js";
import { anchors, exists, inlineCode, links, pages, prose, read, root } from "./source.mjs";

/** What the site makes itself, from doc comments, when it is built. */
const MADE = /^docs\/reference\/(?:api\/|log-record\.md)/;

const codes = Object.keys(ERRORS);

describe("links", () => {
  it.each(pages)("of %s have existing targets", (page) => {
    const broken = links(page).filter(({ file, anchor }) => {
      if (!exists(file)) return !MADE.test(file);
      return anchor !== undefined && file.endsWith(".md") && !anchors(file).has(anchor);
    });
    expect(broken.map(({ link }) => link)).toEqual([]);
  });

  it("reach every page", () => {
    const menu = read("docs/.vitepress/pages.mjs");
    const listed = new Set([...menu.matchAll(/"(\/[\w/-]+)"/g)].map(([, link]) => link));
    const inMenu = (page) => {
      const link = page.replace(/^docs|\.md$/g, "").replace(/index$/, "");
      return listed.has(link);
    };
    const docs = pages.filter((page) => page.startsWith("docs/") && page !== "docs/index.md");
    expect(docs.filter((page) => !inMenu(page))).toEqual([]);
  });
});

describe("charts", () => {
  it("of every benchmark suite are on their page", () => {
    const suites = readdirSync(path.join(root, "bench", "suites")).map(
      (file) => path.parse(file).name,
    );
    const page = read("docs/benchmarks.md");
    const shown = [...page.matchAll(/<BenchCharts suite="(\w+)"/g)].map(([, suite]) => suite);
    expect(shown.sort()).toEqual(suites.sort());
  });
});

describe("error codes", () => {
  it.each(pages)("of %s are in the table", (page) => {
    const named = prose(page).match(/ERR_RUNAR_\w+/g) ?? [];
    expect(named.filter((code) => !codes.includes(code))).toEqual([]);
  });

  it.each(codes)("%s has a section in the reference and in troubleshooting", (code) => {
    expect(anchors("docs/reference/errors.md")).toContain(code.toLowerCase());
    expect(anchors("docs/troubleshooting.md")).toContain(code.toLowerCase());
  });

  it.each(codes)("%s has the section that its `help` links to", (code) => {
    const [, page, anchor] = /([\w-]+)#(.+)$/.exec(createError(code, "a message").help);
    expect(anchors(`docs/${page}.md`)).toContain(anchor);
  });
});

/** Text in which a name of the SDK occurs, if there is such a name. */
const folder = path.join(root, "sdk", "src");
/** The Rust sources directly in a folder. */
const rust = (room) =>
  readdirSync(path.join(root, room))
    .filter((file) => file.endsWith(".rs"))
    .map((file) => read(`${room}/${file}`));
const sources = readdirSync(folder, { recursive: true })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => read(`sdk/src/${file}`));
const known = [
  ...sources,
  read("sdk/config.schema.json"),
  read("crates/ffi/loader.js"),
  ...rust("crates/ffi/src/runar"),
  ...rust("crates/ffi/src/isolate"),
  ...rust("crates/ffi/src/config"),
  // The tests that the page about security names.
  ...rust("crates/ffi/tests/adversarial"),
  ...rust("crates/ffi/src/gateway/tests"),
].join("\n");
const isKnown = (name) => new RegExp(`\\b${name}\\b`).test(known);

/** The members of a class or an interface, as its source declares them. */
function members(file, name) {
  const body = read(file)
    .split(new RegExp(`(?:class|interface) ${name}\\b`))[1]
    .split(/^}/m)[0];
  return new Set(
    [...body.matchAll(/^ {2}(?:[a-z]+ )*(\w+)\??[<(:;]/gm)].map(([, member]) => member),
  );
}
const MEMBERS = {
  // The node of a test has its log records beside.
  node: new Set([...members("sdk/src/node/node.ts", "Node"), "recorded"]),
  ctx: members("sdk/src/api/context.ts", "Context"),
  identity: members("sdk/src/identity/identity.ts", "Identity"),
  network: members("sdk/src/identity/identity.ts", "Network"),
};

/** Pages whose names are those of others too. */
const OTHERS = /^docs\/coming-from\/|^CONTRIBUTING|^compat\//;
/** Names of others, on pages of ours. */
const FOREIGN = new Set([
  "as_json_ref",
  "as_map_ref",
  "as_type",
  "broadcastLocal",
  "checks",
  "networkConfig",
  "node_modules",
  "onTestFinished",
  "runar_gateway",
  "runar_node",
  "runar_services",
  "serverExternalPackages",
  "spawn_blocking",
  "stop_grace_period",
  "structuredClone",
  "tags",
  "terminationGracePeriodSeconds",
  "toWellFormed",
]);

describe.each(pages.filter((page) => !OTHERS.test(page)))("names in %s", (page) => {
  const code = inlineCode(page);

  it("of members of objects exist", () => {
    const found = code.flatMap((text) => [
      ...text.matchAll(/(?<![\w.])(node|ctx|identity|network)\.(?!mjs|ts\b|keys\b)(\w+)/g),
    ]);
    expect(found.filter(([, of, name]) => !MEMBERS[of].has(name)).map(([text]) => text)).toEqual(
      [],
    );
  });

  it("of options, keys and functions exist", () => {
    const names = code
      .map((text) => /^([a-z]\w*(?:[A-Z]|_)\w*)(?:\(.*\))?$/.exec(text)?.[1])
      .filter((name) => name !== undefined && !FOREIGN.has(name));
    expect(names.filter((name) => !isKnown(name))).toEqual([]);
  });

  it("of keys of objects exist", () => {
    const objects = code.filter((text) => /\{ \w+\??[:,} ]/.test(text));
    const keys = objects.flatMap((text) => [...text.matchAll(/(?<=[{,] )(\w+)\??(?=:)/g)]);
    const isKey = (name) => new RegExp(`\\b["']?${name}["']?\\??\\s*[:(,]`).test(known);
    expect(keys.map(([key]) => key).filter((key) => !FOREIGN.has(key) && !isKey(key))).toEqual([]);
  });

  it("of command line options exist", () => {
    const commands = `${read("docs/reference/cli.md")}${read("CONTRIBUTING.md")}`;
    const options = code.flatMap((text) =>
      /npm (?:ci|install)|docker|-p /.test(text) ? [] : (text.match(/(?<=^| )--[a-z-]+/g) ?? []),
    );
    const npm = ["--omit", "--ignore-scripts", "--foreground-scripts", "--quick", "--strict"];
    expect(options.filter((one) => !commands.includes(one) && !npm.includes(one))).toEqual([]);
  });
});
