// Packs the addons at hand with the tree, and lets the gate look at what would be published.
import { path } from "zx";
import { readList, readOptions, runCommand } from "../options.mjs";
import { checkRelease, STAGE_NAMES } from "../release/check.mjs";
import { addonsDir } from "../release/cross.mjs";
import { addonsIn, packRelease } from "../release/pack.mjs";
import { hostTarget, targets } from "../release/targets.mjs";

const USAGE = `usage: npm run release:check -- [option …]

  --addons DIR   the addons, in whatever folders below; by default those of npm run build -- --target
  --complete     fails when the addon of a target is missing
  --strict       fails when something could not be asked for want of an answer
  --skip LIST    stages that are left out: ${STAGE_NAMES.join(", ")}`;

await runCommand(USAGE, async () => {
  const options = readOptions({
    strings: ["addons", "skip"],
    flags: ["complete", "strict"],
  });
  const skip = readList(options.skip, STAGE_NAMES);
  const addons = await addonsIn(path.resolve(options.addons ?? addonsDir));
  const here = await hostTarget();
  const own = addons.find(({ target }) => target === here);
  if (own === undefined) {
    throw new Error(`there is no addon for this machine: npm run build -- --target ${here.triple}`);
  }
  const missing = targets.filter((one) => addons.every(({ target }) => target !== one));
  if (options.complete && missing.length > 0) {
    throw new Error(`there are no addons for ${missing.map(({ triple }) => triple).join(", ")}`);
  }
  const tarballs = await packRelease(addons);
  return checkRelease({ tarballs, addon: own.file }, { skip, strict: options.strict });
});
