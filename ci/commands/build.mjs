// The addon and the TypeScript. `--without-services` leaves out what is written in Rust behind
// `runar-ts/services`.
import { minimist } from "zx";
import { compileTypeScript } from "../typescript.mjs";

const {
  "without-services": withoutServices,
  _: names,
  ...unknown
} = minimist(process.argv.slice(3), { boolean: ["without-services"] });
if (names.length > 0 || Object.keys(unknown).length > 0) {
  console.error("usage: npm run build -- [--without-services]");
  process.exitCode = 2;
} else {
  await compileTypeScript({ withoutServices });
}
