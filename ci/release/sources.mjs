// The Rust sources that the addon is built from, as they travel in runar-ts-ffi: a cargo workspace.
import { $, fs, path } from "zx";
import { root } from "../paths.mjs";

const CRATES = {
  ffi: ["Cargo.toml", "build.rs", "src"],
  "logging-bridge": ["Cargo.toml", "src"],
};

/** The tree's workspace with the published crates as its only members. */
function workspaceManifest(text) {
  const members = Object.keys(CRATES).map((name) => `"crates/${name}"`);
  const changed = text.replace(/^members = .*$/m, `members = [${members.join(", ")}]`);
  if (changed === text) throw new Error("Cargo.toml: the members of the workspace were not found");
  return changed;
}

const packagesIn = (lock) =>
  new Set(
    [...lock.matchAll(/^name = "(.+)"\nversion = "(.+)"$/gm)].map(
      ([, name, version]) => `${name} ${version}`,
    ),
  );

/** Takes the crates that are left out from the lock file, and makes sure that nothing else changed. */
async function pruneLock(folder) {
  const file = path.join(folder, "Cargo.lock");
  const before = packagesIn(await fs.readFile(file, "utf8"));
  // What is in the lock file stays as it is; cargo needs at most what it has of the index.
  const run = $({ cwd: folder, quiet: true, nothrow: true });
  const { exitCode } = await run`cargo update --workspace --offline`;
  if (exitCode !== 0) await $({ cwd: folder, quiet: true })`cargo update --workspace`;
  const added = [...packagesIn(await fs.readFile(file, "utf8"))].filter(
    (name) => !before.has(name),
  );
  if (added.length > 0)
    throw new Error(`the packed Cargo.lock has what ours has not: ${added.join(", ")}`);
}

/** Writes the sources into a folder. */
export async function stageSources(into) {
  const from = (...names) => path.join(root, ...names);
  await fs.ensureDir(into);
  const manifest = await fs.readFile(from("Cargo.toml"), "utf8");
  await fs.writeFile(path.join(into, "Cargo.toml"), workspaceManifest(manifest));
  for (const name of ["Cargo.lock", ".cargo/config.toml"]) {
    await fs.copy(from(name), path.join(into, name));
  }
  for (const [crate, names] of Object.entries(CRATES)) {
    for (const name of names) {
      await fs.copy(from("crates", crate, name), path.join(into, "crates", crate, name));
    }
  }
  await pruneLock(into);
}
