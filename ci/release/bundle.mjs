// Puts the modules that the compiler made into few files: a runtime needs longer to find and read the
// SDK's seventy modules than to load its addon.
import { build } from "esbuild";
import { fs, path } from "zx";

/** The modules that a program or a shell can begin with. */
function entriesOf({ exports }) {
  const ofPrograms = Object.values(exports).flatMap((entry) => entry.default ?? []);
  return [...ofPrograms, "./dist/cli/main.js"];
}

/**
 * Bundles the modules of a package's `dist`, with what two entries share in files of its own: a class
 * is the same whichever entry it comes from. What it depends on stays outside.
 */
export async function bundle(from, into, manifest) {
  const { outputFiles } = await build({
    entryPoints: entriesOf(manifest).map((entry) => path.join(from, entry)),
    outbase: path.join(from, "dist"),
    // Written by us: so the maps name the sources as the package has them, wherever it is put together.
    outdir: path.join(from, "dist"),
    write: false,
    // Beside the entries: the SDK tells its own frames in a stack by their folder.
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    // As the compiler wrote it.
    target: "esnext",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
  });
  for (const { path: file, contents } of outputFiles) {
    await fs.outputFile(path.join(into, path.relative(from, file)), contents);
  }
}
