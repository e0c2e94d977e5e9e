// Builds the addon from the packed sources, as the install step does it on a machine without a prebuilt one.
import { $, fs } from "zx";

/** Returns the seconds that it took. */
export async function buildFromPackage(tarball, folder) {
  await fs.emptyDir(folder);
  await $({
    quiet: true,
  })`tar --extract --gzip --file ${tarball} --directory ${folder} --strip-components 1`;
  const env = { ...process.env, npm_config_build_from_source: "true", RUNAR_TS_FFI_PATH: "" };
  const began = Date.now();
  const run = $({ cwd: folder, env });
  await run({ stdio: "inherit" })`${process.execPath} install.js`;
  const program =
    'import("./loader.js").then(({ tryCandidates }) => console.log(tryCandidates().attempts[0].outcome))';
  const { stdout } = await run({ quiet: true })`${process.execPath} -e ${program}`;
  if (stdout.trim() !== "loaded") throw new Error("what was built from the sources is not loaded");
  return (Date.now() - began) / 1000;
}
