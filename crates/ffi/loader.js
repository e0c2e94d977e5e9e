// Loads the addon of this platform.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { advice, firstLine, tellBundled } from "./advice.js";
import { checkLibrary } from "./elf.js";
import { libc } from "./libc.js";

const require = createRequire(import.meta.url);

/** How napi-rs names this platform. */
function platformName() {
  const base = `${process.platform}-${process.arch}`;
  if (process.platform === "win32") return `${base}-msvc`;
  if (process.platform !== "linux") return base;
  return `${base}-${libc() === "musl" ? "musl" : "gnu"}`;
}

const OVERRIDE = "named by RUNAR_TS_FFI_PATH";
const LOCAL = "built in the folder of runar-ts-ffi";
const PACKAGE = "the package of this platform";

/** This package's manifest, which knows its version and the platforms that have a package. */
function readManifest() {
  try {
    return require("./package.json");
  } catch (error) {
    throw new Error(tellBundled(), { cause: error });
  }
}

/** The file into which an addon for this machine is built, in this folder. */
export function builtFile() {
  return fileURLToPath(new URL(`./runar-ts-ffi.${platformName()}.node`, import.meta.url));
}

/** Where an addon may be, and why there, in the order in which they are tried. */
function candidates() {
  const override = process.env.RUNAR_TS_FFI_PATH;
  if (override) return [{ candidate: path.resolve(override), reason: OVERRIDE }];
  return [
    { candidate: builtFile(), reason: LOCAL },
    { candidate: `runar-ts-ffi-${platformName()}`, reason: PACKAGE },
  ];
}

/** Loads an addon, and refuses one that was not made for this very version. */
function loadOne(candidate, version) {
  if (process.platform === "linux") checkLibrary(require.resolve(candidate));
  const binding = require(candidate);
  const [, theirs] = /^runar-ts-ffi (\S+)/.exec(binding.hello?.() ?? "") ?? [];
  if (theirs === undefined) throw new Error("it is not an addon of runar-ts");
  if (theirs !== version) {
    throw new Error(`it is version ${theirs}, and runar-ts-ffi is version ${version}`);
  }
  return binding;
}

/** Loads the first addon that can be loaded, and says what became of each candidate. */
export function tryCandidates() {
  const { version } = readManifest();
  let binding;
  const attempts = candidates().map(({ candidate, reason }) => {
    if (binding !== undefined) return { candidate, reason, outcome: "not tried" };
    try {
      binding = loadOne(candidate, version);
      return { candidate, reason, outcome: "loaded", file: require.resolve(candidate) };
    } catch (error) {
      return { candidate, reason, outcome: "failed", cause: firstLine(error) };
    }
  });
  return { binding, attempts };
}

/** What a user can do about attempts that all failed: lines of text and, indented, of commands. */
export function whatToDo(attempts) {
  const { version, optionalDependencies = {} } = readManifest();
  return advice({
    causes: attempts.flatMap(({ cause }) => cause ?? []),
    isOverridden: attempts.some(({ reason }) => reason === OVERRIDE),
    packageName: `runar-ts-ffi-${platformName()}`,
    published: Object.keys(optionalDependencies),
    version,
  });
}

/**
 * Loads the addon: the one that RUNAR_TS_FFI_PATH names, else the one built in this folder, else
 * the platform's package. Throws an Error that lists each candidate, why it failed, and what helps.
 */
export function load() {
  const { binding, attempts } = tryCandidates();
  if (binding !== undefined) return binding;
  const failures = attempts.map(({ candidate, cause }) => `  ${candidate}: ${cause}`);
  throw new Error(
    `The native addon of runar-ts could not be loaded on ${process.platform}-${process.arch}.\n` +
      `Tried:\n${failures.join("\n")}\n` +
      `What you can do:\n${whatToDo(attempts).join("\n")}`,
  );
}
