// What is in the packages, as CycloneDX: the crates of the addon, and the npm packages that the SDK's bundle
// took in.
import { $, fs, path } from "zx";
import { root } from "../paths.mjs";
import { THIRD_PARTY_LICENSES, thirdPartyPackages } from "./third-party.mjs";
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

/** The npm packages whose code is in the SDK. */
async function npmPackages({ folder }) {
  const text = await fs.readFile(path.join(folder, THIRD_PARTY_LICENSES), "utf8");
  return thirdPartyPackages(text).map((one) => ({ type: "npm", ...one }));
}

/**
 * The bill as JSON. It is the same for the same lock files: it has no time and no serial number.
 *
 * @param sdk the opened package of the SDK
 */
export async function makeSbom(sdk) {
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
  const main = component({ ...sdk.manifest, type: "npm" });
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: main }) });
  for (const one of [...(await crates()), ...(await npmPackages(sdk))])
    bom.components.add(component(one));
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  return serializer.serialize(bom, { sortLists: true, space: 2 });
}
