// What is in the packages, as CycloneDX: the crates of the addon, and the npm packages of the SDK.
import { $, fs, path } from "zx";
import { root } from "../paths.mjs";
import { releaseModule } from "./tools.mjs";

/** The crates that a build of the addon takes in or runs, on whichever target. */
async function crates() {
  const { stdout } = await $({
    cwd: root,
    quiet: true,
  })`cargo metadata --locked --format-version 1`;
  const { packages, resolve } = JSON.parse(stdout);
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const found = new Set();
  const visit = (id) => {
    if (found.has(id)) return;
    found.add(id);
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      if (kinds.some(({ kind }) => kind !== "dev")) visit(pkg);
    }
  };
  visit(packages.find(({ name }) => name === "runar-js-ffi").id);
  return packages
    .filter(({ id, source }) => found.has(id) && source !== null)
    .map(({ name, version, license }) => ({ type: "cargo", name, version, license }));
}

/** The npm packages that an install of the SDK brings. */
async function npmPackages() {
  const { packages } = await fs.readJson(path.join(root, "package-lock.json"));
  const found = new Map();
  const visit = (name) => {
    const locked = packages[`node_modules/${name}`];
    if (found.has(name) || locked === undefined || locked.link) return;
    found.set(name, locked);
    for (const next of Object.keys(locked.dependencies ?? {})) visit(next);
  };
  for (const name of Object.keys(packages.sdk.dependencies)) visit(name);
  return [...found].map(([name, { version, license }]) => ({
    type: "npm",
    name,
    version,
    license,
  }));
}

/** The bill as JSON. It is the same for the same lock files: it has no time and no serial number. */
export async function makeSbom(version) {
  const { Models, Enums, Serialize, Spec } = releaseModule("@cyclonedx/cyclonedx-library");
  const { PackageURL } = releaseModule("packageurl-js");
  const component = ({ type, name, version, license }) => {
    const [scope, base] = name.startsWith("@") ? name.split("/") : [undefined, name];
    const purl = new PackageURL(type, scope, base, version).toString();
    const one = new Models.Component(Enums.ComponentType.Library, name, {
      ...{ version, purl, bomRef: purl },
    });
    if (license) one.licenses.add(new Models.LicenseExpression(license.replaceAll("/", " OR ")));
    return one;
  };
  const main = new Models.Component(Enums.ComponentType.Library, "runar-ts", { version });
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: main }) });
  for (const one of [...(await crates()), ...(await npmPackages())])
    bom.components.add(component(one));
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  return serializer.serialize(bom, { sortLists: true, space: 2 });
}
