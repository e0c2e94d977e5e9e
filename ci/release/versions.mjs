// The one version of everything, in every place where it stands.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { path } from "zx";
import { root as tree } from "../paths.mjs";

const VERSION = String.raw`\d+\.\d+\.\d+(?:-[\w.]+)?`;

/** What precedes a version; `of` is a member of the workspace, by the name of its folder. */
const field = (name) => `"${name}": "`;
const inLock = (of, before) => String.raw`"${of}": \{[^]*?${before}`;
const crate = (name) => `name = "${name}"\nversion = "`;

const examples = readdirSync(path.join(tree, "examples")).map((name) => `examples/${name}`);

const PLACES = {
  "Cargo.toml": [String.raw`\[workspace\.package\]\nversion = "`],
  "Cargo.lock": [crate("runar-js-ffi"), crate("runar-logging-bridge"), crate("runar-test-peer")],
  "crates/ffi/package.json": [field("version")],
  "sdk/package.json": [field("version"), field("runar-ts-ffi")],
  "create/package.json": [field("version")],
  ...Object.fromEntries(examples.map((name) => [`${name}/package.json`, [field("runar-ts")]])),
  "package-lock.json": [
    inLock("crates/ffi", field("version")),
    inLock("create", field("version")),
    ...examples.map((name) => inLock(name, field("runar-ts"))),
    inLock("sdk", field("version")),
    inLock("sdk", field("runar-ts-ffi")),
  ],
  "compat/cases/loading/versions.mjs": ["// runar-ts-ffi "],
  "compat/matrix.html": ["<pre>runar-ts-ffi "],
};

export const FILES = Object.keys(PLACES);

function* places(root) {
  for (const [file, befores] of Object.entries(PLACES)) {
    const text = readFileSync(path.join(root, file), "utf8");
    for (const before of befores) {
      const pattern = new RegExp(`(?<before>${before})(?<version>${VERSION})`);
      const found = pattern.exec(text);
      if (found === null) throw new Error(`${file}: no version stands behind ${before}`);
      yield { file, before, pattern, version: found.groups.version };
    }
  }
}

/** Every place, with the version that stands there. */
export const versionsIn = (root) => [...places(root)];

/** Writes a version into every place. */
export function writeVersion(root, version) {
  if (!new RegExp(`^${VERSION}$`).test(version)) throw new Error(`${version} is no version`);
  for (const { file, pattern } of versionsIn(root)) {
    const name = path.join(root, file);
    const text = readFileSync(name, "utf8");
    writeFileSync(
      name,
      text.replace(pattern, (_all, before) => before + version),
    );
  }
}
