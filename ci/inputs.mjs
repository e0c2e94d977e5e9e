// Whether an addon is up to date, by the list of files that cargo read for it. Cargo keeps one shared library
// of a crate, whatever its features, and compiles it again whenever these change: the addon and that of the
// tests would do so in turns.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./paths.mjs";

/** What a build depends on beside the sources. */
const SETTINGS = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml"];
const VARIABLES = /^(CARGO_(BUILD|PROFILE|TARGET|ENCODED)_.*|RUST(C.*|FLAGS))$/;

const changedAt = (file) => (existsSync(file) ? statSync(file).mtimeMs : Number.POSITIVE_INFINITY);

/** The files that cargo lists beside what it made, as make reads them: `made: file file …`. */
function listedIn(dependencies) {
  const [, files] = readFileSync(dependencies, "utf8")
    .split("\n", 1)[0]
    .split(/: (.*)/);
  return files.split(/(?<!\\) /).map((file) => file.replaceAll("\\ ", " "));
}

/** What a build is done with: the compiler, and what the environment tells it. */
function circumstances(settings) {
  const { stdout } = spawnSync("rustc", ["-vV"], { cwd: root, encoding: "utf8" });
  const variables = Object.entries(process.env).filter(([name]) => VARIABLES.test(name));
  return JSON.stringify([stdout, settings, variables.sort()]);
}

/**
 * Does a build unless what it made is newer than all that it read.
 *
 * @param name the name of the build
 * @param settings all that tells this build from others
 * @param build returns the file that it `made`, and that in which cargo lists what it `read`
 * @returns the file
 */
export async function buildWhenDue(name, settings, build) {
  const record = path.join(root, "target", "builds", `${name}.json`);
  const now = circumstances(settings);
  if (existsSync(record)) {
    const last = JSON.parse(readFileSync(record, "utf8"));
    const file = path.join(root, last.made);
    const isOurs = last.settings === now && last.ended === changedAt(file);
    const isOlder = (input) => changedAt(path.join(root, input)) < last.began;
    if (isOurs && last.inputs.every(isOlder)) return file;
  }
  const began = Date.now();
  const { made, read } = await build();
  const inputs = listedIn(read).map((file) => path.relative(root, file));
  const ended = changedAt(made);
  mkdirSync(path.dirname(record), { recursive: true });
  writeFileSync(
    record,
    JSON.stringify({
      ...{ made: path.relative(root, made), settings: now, began, ended },
      inputs: [...inputs, ...SETTINGS],
    }),
  );
  return made;
}
