// Gives everything a new version: the packages, the crates, the lock files, and who asks for them.

import { readOptions, runCommand, UsageError } from "../options.mjs";
import { root } from "../paths.mjs";
import { FILES, versionsIn, writeVersion } from "../release/versions.mjs";

await runCommand("usage: npm run release:version -- X.Y.Z", async () => {
  const { named } = readOptions({ most: 1 });
  if (named.length === 0) throw new UsageError(`now: ${versionsIn(root)[0].version}`);
  const version = named[0];
  writeVersion(root, version);
  console.log(`${version} in:\n${FILES.map((file) => `  ${file}`).join("\n")}`);
  console.log("Now write its section in CHANGELOG.md, commit, and tag the commit:");
  console.log(`  git tag v${version}`);
  return true;
});
