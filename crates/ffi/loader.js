import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

/** The names under which napi-rs builds and publishes the addon, the likeliest first. */
function platformNames() {
  const base = `${process.platform}-${process.arch}`;
  if (process.platform === "win32") return [`${base}-msvc`];
  if (process.platform !== "linux") return [base];
  return isMusl() ? [`${base}-musl`, `${base}-gnu`] : [`${base}-gnu`, `${base}-musl`];
}

function isMusl() {
  // Bun before 1.1.x has no process.report; the loader's own file tells there.
  const header = process.report?.getReport?.()?.header;
  if (header) return !header.glibcVersionRuntime;
  return existsSync(`/lib/ld-musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`);
}

const OVERRIDE = "named by RUNAR_TS_FFI_PATH";
const LOCAL = "built in the folder of runar-ts-ffi";
const PACKAGE = "the package of this platform";

/** Where an addon may be, and why there, in the order in which they are tried. */
function candidates() {
  const override = process.env.RUNAR_TS_FFI_PATH;
  if (override) return [{ candidate: path.resolve(override), reason: OVERRIDE }];
  return platformNames().flatMap((name) => [
    {
      candidate: fileURLToPath(new URL(`./runar-ts-ffi.${name}.node`, import.meta.url)),
      reason: LOCAL,
    },
    { candidate: `runar-ts-ffi-${name}`, reason: PACKAGE },
  ]);
}

/** Loads the first addon that can be loaded, and says what became of each candidate. */
export function tryCandidates() {
  let binding;
  const attempts = candidates().map(({ candidate, reason }) => {
    if (binding !== undefined) return { candidate, reason, outcome: "not tried" };
    try {
      binding = require(candidate);
      return { candidate, reason, outcome: "loaded", file: require.resolve(candidate) };
    } catch (error) {
      const cause = error instanceof Error ? error.message.split("\n")[0] : String(error);
      return { candidate, reason, outcome: "failed", cause };
    }
  });
  return { binding, attempts };
}

/**
 * Loads the addon: the one that RUNAR_TS_FFI_PATH names, else the one built in this folder, else
 * the platform's package. Throws an Error that lists each candidate and why it failed.
 */
export function load() {
  const { binding, attempts } = tryCandidates();
  if (binding !== undefined) return binding;
  const failures = attempts.map(({ candidate, cause }) => `  ${candidate}: ${cause}`);
  throw new Error(
    `The native addon of runar-ts could not be loaded on ${process.platform}-${process.arch}.\n` +
      `Tried:\n${failures.join("\n")}`,
  );
}
