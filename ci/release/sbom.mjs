// What is in the packages, as CycloneDX: the crates of the addon, and the npm packages that the SDK's bundle
// took in.
import { $, fs, path } from "zx";
import { root } from "../paths.mjs";
import { THIRD_PARTY_LICENSES, thirdPartyPackages } from "./third-party.mjs";
import { releaseModule } from "./tools.mjs";

/**
 * The crates that a build of the addon takes in or runs, on whichever target.
 *
 * @returns `all`, each with the ids of the crates that it needs, and `direct`: the ids of those that the
 *   crates of this tree need
 */
async function crates() {
  const { stdout } = await $({
    cwd: root,
    quiet: true,
  })`cargo metadata --locked --format-version 1`;
  const { packages, resolve } = JSON.parse(stdout);
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const needs = (id) =>
    nodes
      .get(id)
      .deps.filter(({ dep_kinds: kinds }) => kinds.some(({ kind }) => kind !== "dev"))
      .map(({ pkg }) => pkg);
  const found = new Set();
  const visit = (id) => {
    if (found.has(id)) return;
    found.add(id);
    needs(id).forEach(visit);
  };
  visit(packages.find(({ name }) => name === "runar-js-ffi").id);
  const taken = packages.filter(({ id }) => found.has(id));
  return {
    direct: taken.filter(({ source }) => source === null).flatMap(({ id }) => needs(id)),
    all: taken
      .filter(({ source }) => source !== null)
      .map(({ id, name, version, license }) => {
        return { id, type: "cargo", name, version, license, needs: needs(id) };
      }),
  };
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
  for (const one of await npmPackages(sdk)) {
    const made = component(one);
    bom.components.add(made);
    main.dependencies.add(made.bomRef);
  }
  const { all, direct } = await crates();
  const made = new Map(all.map((one) => [one.id, component(one)]));
  const link = (from, ids) => {
    for (const id of ids) if (made.has(id)) from.dependencies.add(made.get(id).bomRef);
  };
  link(main, direct);
  for (const { id, needs } of all) {
    bom.components.add(made.get(id));
    link(made.get(id), needs);
  }
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  return serializer.serialize(bom, { sortLists: true, space: 2 });
}
