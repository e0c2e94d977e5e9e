// The targets of the release: one npm package each. The list itself is that of napi in the manifest of
// runar-ts-ffi.
import { readFileSync } from "node:fs";
import { parseTriple } from "@napi-rs/cli";
import { path } from "zx";
import { hostTriple } from "../addon.mjs";
import { root } from "../paths.mjs";

/** The oldest glibc on which an addon must load. */
export const GLIBC_FLOOR = "2.17";

const manifest = JSON.parse(readFileSync(path.join(root, "crates", "ffi", "package.json"), "utf8"));

function targetOf(triple) {
  const { platformArchABI, platform, arch, abi } = parseTriple(triple);
  const libc = { gnu: "glibc", musl: "musl" }[abi];
  return {
    triple,
    /** Names the package and the file, as napi-rs does. */
    platform: platformArchABI,
    os: platform,
    cpu: arch,
    ...(libc === undefined ? {} : { libc }),
    packageName: `runar-ts-ffi-${platformArchABI}`,
    file: `runar-ts-ffi.${platformArchABI}.node`,
  };
}

export const targets = manifest.napi.targets.map(targetOf);

/** The target with this triple or platform. */
export function findTarget(name) {
  const target = targets.find(({ triple, platform }) => name === triple || name === platform);
  if (target === undefined) {
    throw new Error(
      `${name} is no target of ours; there are:\n${targets.map(({ triple }) => `  ${triple}`).join("\n")}`,
    );
  }
  return target;
}

/** The target that this machine is. */
export async function hostTarget() {
  return findTarget(await hostTriple());
}
