// The addon and the TypeScript. `--without-services` leaves out what is written in Rust behind
// `runar-ts/services`; `--target` builds the addon of a release alone, for that target.
import { readOptions, runCommand, UsageError } from "../options.mjs";
import { buildForTarget } from "../release/cross.mjs";
import { findTarget } from "../release/targets.mjs";
import { compileTypeScript } from "../typescript.mjs";

const USAGE = "usage: npm run build -- [--without-services | --target TRIPLE]";

await runCommand(USAGE, async () => {
  const { target, "without-services": withoutServices } = readOptions({
    strings: ["target"],
    flags: ["without-services"],
  });
  if (withoutServices && target) throw new UsageError("the addon of a release has all services");
  if (target === undefined) await compileTypeScript({ withoutServices });
  else console.log(await buildForTarget(findTarget(target)));
  return true;
});
