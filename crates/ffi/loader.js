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

function candidates() {
  const override = process.env.RUNAR_TS_FFI_PATH;
  if (override) return [path.resolve(override)];
  return platformNames().flatMap((name) => [
    fileURLToPath(new URL(`./runar-ts-ffi.${name}.node`, import.meta.url)),
    `runar-ts-ffi-${name}`,
  ]);
}

/**
 * Loads the addon: the one that RUNAR_TS_FFI_PATH names, else the one built in this folder, else
 * the platform's package. Throws an Error that lists each candidate and why it failed.
 */
export function load() {
  const failures = [];
  for (const candidate of candidates()) {
    try {
      return require(candidate);
    } catch (error) {
      const cause = error instanceof Error ? error.message.split("\n")[0] : String(error);
      failures.push(`  ${candidate}: ${cause}`);
    }
  }
  throw new Error(
    `The native addon of runar-ts could not be loaded on ${process.platform}-${process.arch}.\n` +
      `Tried:\n${failures.join("\n")}`,
  );
}
