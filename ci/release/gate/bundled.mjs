// What a package takes from other packages: what it imports is what an install brings, and what is bundled
// into it has its licence in it.
import { isBuiltin } from "node:module";
import { build } from "esbuild";
import { fs, path } from "zx";
import { THIRD_PARTY_LICENSES, thirdPartyPackages } from "../third-party.mjs";

/** Licences that ask for no more than their text. */
const PERMISSIVE = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];

const packageOf = (specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)[0];

/** What the programs of a package import from outside of it. */
async function importsOfPrograms(folder, names) {
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: names.filter((name) => name.endsWith(".js")),
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outdir: "out",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  return Object.values(metafile.inputs).flatMap(({ imports }) =>
    imports.flatMap((one) => (one.external ? [one.path] : [])),
  );
}

/** The same of its types. A line of a comment begins with an asterisk. */
async function importsOfTypes(folder, names) {
  const texts = names
    .filter((name) => name.endsWith(".d.ts"))
    .map((name) => fs.readFile(path.join(folder, name), "utf8"));
  return (await Promise.all(texts)).flatMap((text) =>
    [...text.matchAll(/^(?!\s*\*).*?(?:\bfrom |\bimport\(|^import )"([^".][^"]*)"/gm)].map(
      ([, specifier]) => specifier,
    ),
  );
}

async function undeclared({ folder, names, manifest }) {
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  const imported = [
    ...(await importsOfPrograms(folder, names)),
    ...(await importsOfTypes(folder, names)),
  ];
  return [...new Set(imported.filter((one) => !isBuiltin(one)).map(packageOf))]
    .filter((name) => name !== manifest.name && !(name in declared))
    .map((name) => `it imports ${name}, which no install of it brings`);
}

/** The packages whose sources the maps of a bundle name. */
async function packagesInside(folder, names) {
  const maps = names
    .filter((name) => name.endsWith(".js.map"))
    .map((name) => fs.readJson(path.join(folder, name)));
  const sources = (await Promise.all(maps)).flatMap((map) => map.sources);
  const found = sources.flatMap((source) => source.split("node_modules/").slice(1).slice(-1));
  return [...new Set(found.map(packageOf))];
}

async function unlicensed({ folder, names }) {
  const inside = await packagesInside(folder, names);
  const text = names.includes(THIRD_PARTY_LICENSES)
    ? await fs.readFile(path.join(folder, THIRD_PARTY_LICENSES), "utf8")
    : "";
  const named = thirdPartyPackages(text);
  const missing = inside.filter((one) => named.every(({ name }) => name !== one));
  const idle = named.filter(({ name }) => !inside.includes(name));
  const refused = named.filter(({ license }) => !PERMISSIVE.includes(license));
  return [
    ...missing.map((name) => `${name} is inside, and not in ${THIRD_PARTY_LICENSES}`),
    ...idle.map(({ name }) => `${name} is in ${THIRD_PARTY_LICENSES}, and not inside`),
    ...refused.map(({ name, license }) => `${name} is inside, and its licence is ${license}`),
  ];
}

export async function bundledProblems({ packages }) {
  const problems = [];
  for (const one of packages) {
    const found = [...(await undeclared(one)), ...(await unlicensed(one))];
    problems.push(...found.map((problem) => `${one.name}: ${problem}`));
  }
  return problems;
}
