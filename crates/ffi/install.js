// Runs when the package is installed: builds the addon from source where no prebuilt one can be
// loaded, or where that is asked for. What decides is told in docs/troubleshooting.md.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildAddon } from "./build-addon.js";
import { tryCandidates } from "./loader.js";

const sources = fileURLToPath(new URL("./rust/", import.meta.url));

/** Whether npm, or whoever calls it, asks for a build: of everything, or of this package by name. */
function isAskedFor({ npm_config_build_from_source: asked }) {
  return asked === "true" || asked === "1" || (asked ?? "").split(",").includes("runar-ts-ffi");
}

/** Why the addon is to be built: `undefined` when it is not. */
function reasonToBuild(env) {
  if (env.RUNAR_TS_FFI_BUILD === "never") return undefined;
  if (isAskedFor(env)) return "npm_config_build_from_source asks for it";
  const { binding, attempts } = tryCandidates();
  if (binding !== undefined) return undefined;
  const causes = attempts.map(({ candidate, cause }) => `  ${candidate}: ${cause}`);
  return `no prebuilt addon can be loaded:\n${causes.join("\n")}`;
}

const reason = reasonToBuild(process.env);
if (reason !== undefined && existsSync(sources)) {
  console.error(`runar-ts-ffi is built from source, because ${reason}`);
  try {
    await buildAddon(sources, process.env);
  } catch (error) {
    console.error(`\nrunar-ts-ffi could not be built from source.\n${error.message}`);
    console.error(
      "\nTo install without a build, and without a working addon:\n  RUNAR_TS_FFI_BUILD=never npm install",
    );
    process.exitCode = 1;
  }
}
