// The addon and the TypeScript. `--without-services` leaves out what is written in Rust behind
// `runar-ts/services`; `--target` builds the addon of a release alone, for that target.
import { minimist } from "zx";
import { buildForTarget } from "../release/cross.mjs";
import { findTarget } from "../release/targets.mjs";
import { compileTypeScript } from "../typescript.mjs";

const USAGE = "usage: npm run build -- [--without-services | --target TRIPLE]";

const {
  "without-services": withoutServices,
  target,
  _: names,
  ...unknown
} = minimist(process.argv.slice(3), { boolean: ["without-services"], string: ["target"] });
if (names.length > 0 || Object.keys(unknown).length > 0 || (withoutServices && target)) {
  console.error(USAGE);
  process.exitCode = 2;
} else if (target === undefined) {
  await compileTypeScript({ withoutServices });
} else {
  try {
    console.log(await buildForTarget(findTarget(target)));
  } catch (error) {
    // What cargo printed stands above.
    console.error(error.exitCode === undefined ? error.message : `${target} could not be built`);
    process.exitCode = 1;
  }
}
