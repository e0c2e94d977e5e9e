// The manifests of what is published, made from those of the tree: what only a published package has is
// in none of these, or the tree could not be installed from itself.
import { readFileSync } from "node:fs";
import { path } from "zx";
import { root } from "../paths.mjs";
import { THIRD_PARTY_LICENSES } from "./third-party.mjs";

const read = (folder) => JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));

/** Where the sources are, as the forge that runs a release says; npm's provenance compares it. */
function repository(directory) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  if (name === undefined) return {};
  return { repository: { type: "git", url: `git+${server}/${name}.git`, directory } };
}

/** The package that users import: what the bundle took in is no dependency of it. */
export function sdkManifest() {
  const { devDependencies: _, files, ...manifest } = read("sdk");
  return { ...manifest, files: [...files, THIRD_PARTY_LICENSES], ...repository("sdk") };
}

export function creatorManifest() {
  return { ...read("create"), ...repository("create") };
}

/** The loader's: it brings the addon of each target that is published, where that target is at home. */
export function ffiManifest(published) {
  const { napi: _, files, ...manifest } = read("crates/ffi");
  const { version } = manifest;
  return {
    ...manifest,
    files: [...files, "rust"],
    ...repository("crates/ffi"),
    scripts: { install: "node install.js" },
    optionalDependencies: Object.fromEntries(
      published.map(({ packageName }) => [packageName, version]),
    ),
  };
}

/** The package of a target: its addon, and for whom it is. */
export function targetManifest({ packageName, triple, os, cpu, libc, file }) {
  const { version, license, engines } = read("crates/ffi");
  return {
    name: packageName,
    version,
    description: `The native addon of runar-ts for ${triple}. Use runar-ts instead.`,
    license,
    type: "commonjs",
    ...repository("crates/ffi"),
    engines,
    os: [os],
    cpu: [cpu],
    ...(libc === undefined ? {} : { libc: [libc] }),
    main: file,
    files: [file],
  };
}
