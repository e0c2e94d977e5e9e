// Puts the modules that the compiler made into few files, with what they use of other packages: a runtime
// needs longer to find and read the SDK's modules than to load its addon, and users install nothing else.
import { isBuiltin } from "node:module";
import { build } from "esbuild";
import { fs, path } from "zx";

/** The modules that a program or a shell can begin with. */
function entriesOf({ exports }) {
  const ofPrograms = Object.values(exports).flatMap((entry) => entry.default ?? []);
  return [...ofPrograms, "./dist/cli/main.js"];
}

/**
 * Lets CommonJS packages `require` a module of the runtime: ES modules have no `require`, so the bundle
 * imports it and hands its default export on.
 */
const requireBuiltins = {
  name: "require-builtins",
  setup(build) {
    const filter = /./;
    build.onResolve({ filter }, ({ kind, path: name, namespace }) => {
      if (kind !== "require-call" || !isBuiltin(name)) return undefined;
      return { path: name, namespace: namespace === "required" ? "imported" : "required" };
    });
    build.onLoad({ filter, namespace: "required" }, ({ path: name }) => ({
      contents: `module.exports = require(${JSON.stringify(name)}).default;`,
    }));
    build.onLoad({ filter, namespace: "imported" }, ({ path: name }) => ({
      contents: `export { default } from ${JSON.stringify(name)};`,
    }));
  },
};

const PACKAGE = /(?:^|.*\/)node_modules\/(?:@[^/]+\/)?[^/]+/;

/** The folders of the packages that code comes from. */
function packagesOf({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const taken = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return [...new Set(taken.flatMap(([file]) => PACKAGE.exec(file)?.[0] ?? []))].sort();
}

/** A map without the sources of other packages: they are in those, and would double the size. */
function ownSources(contents) {
  const map = JSON.parse(contents);
  map.sources.forEach((source, index) => {
    if (PACKAGE.test(source)) map.sourcesContent[index] = null;
  });
  return JSON.stringify(map);
}

/**
 * Bundles the modules of a package's `dist`, with what two entries share in files of its own: a class
 * is the same whichever entry it comes from. What users install beside it stays outside.
 *
 * @returns the folders of the packages whose code is in the bundle
 */
export async function bundle(from, into, manifest) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: from,
    entryPoints: entriesOf(manifest),
    outbase: "dist",
    // Written by us: so the maps name the sources as the package has them, wherever it is put together.
    outdir: "dist",
    write: false,
    // Beside the entries: the SDK tells its own frames in a stack by their folder.
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    // As the compiler wrote it.
    target: "esnext",
    external: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    plugins: [requireBuiltins],
    sourcemap: true,
    metafile: true,
    logLevel: "warning",
  });
  for (const { path: file, contents, text } of outputFiles) {
    const written = file.endsWith(".map") ? ownSources(text) : contents;
    await fs.outputFile(path.join(into, path.relative(from, file)), written);
  }
  return packagesOf(metafile).map((folder) => path.join(from, folder));
}
