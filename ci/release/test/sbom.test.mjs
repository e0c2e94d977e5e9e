// The bill of materials of the tree.
import { afterAll, expect, it } from "vitest";
import { fs, path } from "zx";
import { root } from "../../paths.mjs";
import { makeSbom } from "../sbom.mjs";
import { stageSdk } from "../staging.mjs";
import { THIRD_PARTY_LICENSES, thirdPartyPackages } from "../third-party.mjs";

const work = path.join(root, "target", "release-sbom");
afterAll(() => fs.remove(work));

it("names the crates and what is bundled, in the same bytes each time", async () => {
  const folder = await stageSdk(work);
  const sdk = { folder, manifest: await fs.readJson(path.join(folder, "package.json")) };
  const text = await makeSbom(sdk);
  expect(await makeSbom(sdk)).toBe(text);
  const { metadata, components } = JSON.parse(text);
  const purls = components.map(({ purl }) => purl);
  expect(metadata.component.purl).toBe(`pkg:npm/runar-ts@${sdk.manifest.version}`);
  expect(purls).toContainEqual(expect.stringMatching(/^pkg:cargo\/runar_node@\d/));
  const licenses = await fs.readFile(path.join(folder, THIRD_PARTY_LICENSES), "utf8");
  const bundled = thirdPartyPackages(licenses).map(
    ({ name, version }) => `pkg:npm/${encodeURIComponent(name)}@${version}`,
  );
  expect(bundled).toContainEqual(expect.stringMatching(/^pkg:npm\/commander@/));
  expect(purls.filter((purl) => purl.startsWith("pkg:npm/")).sort()).toEqual(bundled.sort());
});
