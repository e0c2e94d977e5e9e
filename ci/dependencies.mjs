// Installs npm dependencies where they are not what the lock file says. Only Node itself is needed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const packagesOf = (lockFile) => JSON.parse(readFileSync(lockFile, "utf8")).packages;

/** npm keeps a lock file of what it installed last; an install is due when ours says otherwise. */
function areInstalled(folder) {
  const ours = path.join(folder, "package-lock.json");
  const installed = path.join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs >= statSync(ours).mtimeMs) return true;
  const have = packagesOf(installed);
  return Object.entries(packagesOf(ours)).every(
    ([name, { version, optional, link }]) =>
      !name.includes("node_modules/") || optional || link || have[name]?.version === version,
  );
}

/** Runs `npm ci` in a folder when it is due; throws when that fails. */
export function installDependencies(folder) {
  if (areInstalled(folder)) return;
  console.log("Installing the npm dependencies …");
  const windows = process.platform === "win32";
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: "inherit",
    shell: windows,
  });
  if (status !== 0) throw new Error("npm ci failed; what it printed stands above.");
}
