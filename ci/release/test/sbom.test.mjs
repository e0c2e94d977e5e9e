// The bill of materials of the tree.
import { afterAll, beforeAll, expect, it } from "vitest";
import { fs, path } from "zx";
import { root } from "../../paths.mjs";
import { makeSbom } from "../sbom.mjs";
import { stageSdk } from "../staging.mjs";
import { THIRD_PARTY_LICENSES, thirdPartyPackages } from "../third-party.mjs";
import { releaseModule } from "../tools.mjs";

const work = path.join(root, "target", "release-sbom");
afterAll(() => fs.remove(work));

let sdk;
let text;
beforeAll(async () => {
  const folder = await stageSdk(work);
  sdk = { folder, manifest: await fs.readJson(path.join(folder, "package.json")) };
  text = await makeSbom(sdk);
});

it("is valid, and the same each time", async () => {
  const { Spec, Validation } = releaseModule("@cyclonedx/cyclonedx-library");
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(text)).toBeNull();
  expect(await makeSbom(sdk)).toBe(text);
});

it("names the crates and what is bundled, and what needs what", async () => {
  const { metadata, components, dependencies } = JSON.parse(text);
  const purls = components.map(({ purl }) => purl);
  expect(metadata.component.purl).toBe(`pkg:npm/runar-ts@${sdk.manifest.version}`);
  expect(purls).toContainEqual(expect.stringMatching(/^pkg:cargo\/runar_node@\d/));
  const licenses = await fs.readFile(path.join(sdk.folder, THIRD_PARTY_LICENSES), "utf8");
  const bundled = thirdPartyPackages(licenses).map(
    ({ name, version }) => `pkg:npm/${encodeURIComponent(name)}@${version}`,
  );
  expect(bundled).toContainEqual(expect.stringMatching(/^pkg:npm\/commander@/));
  expect(purls.filter((purl) => purl.startsWith("pkg:npm/")).sort()).toEqual(bundled.sort());
  const needed = new Map(dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  expect([...needed.values()].flat().filter((purl) => !purls.includes(purl))).toEqual([]);
  const reached = new Set([metadata.component.purl]);
  // A set yields what is added to it on the way.
  for (const purl of reached) for (const next of needed.get(purl)) reached.add(next);
  expect(purls.filter((purl) => !reached.has(purl))).toEqual([]);
});
