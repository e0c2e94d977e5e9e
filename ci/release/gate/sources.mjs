// Whether the packed sources are all that a build needs.
import { $, fs, path } from "zx";

export async function sourceProblems({ packages }) {
  const { folder } = packages.find(({ name }) => name === "runar-ts-ffi") ?? {};
  if (folder === undefined) return ["runar-ts-ffi is not among the packages"];
  const cwd = path.join(folder, "rust");
  if (!(await fs.pathExists(cwd))) return ["runar-ts-ffi: it has no sources"];
  const run = $({ cwd, quiet: true, nothrow: true });
  const { exitCode, stderr } =
    await run`cargo tree --locked --package runar-js-ffi --edges normal,build`;
  return exitCode === 0 ? [] : [`runar-ts-ffi: its sources cannot be built:\n${stderr.trim()}`];
}
