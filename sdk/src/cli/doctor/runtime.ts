/** The runtime and the versions. */

import os from "node:os";
import { VERSION } from "../version.js";
import type { Check } from "./check.js";

const OLDEST = { Node: 18, Bun: 1 } as const;

/** The runtime and whether it is recent enough. */
export function runtimeCheck(): Check {
  const { bun, node } = process.versions;
  const name = bun === undefined ? "Node" : "Bun";
  const version = bun ?? node;
  const isOld = Number.parseInt(version, 10) < OLDEST[name];
  return {
    name: "runtime",
    status: isOld ? "failed" : "ok",
    message: isOld
      ? `${name} ${version} is too old: ${OLDEST[name]} or later is needed`
      : `${name} ${version}`,
    details: [
      ["runar-ts", VERSION],
      ["program", process.execPath],
      ["system", `${os.type()} ${os.release()}, ${process.platform}-${process.arch}`],
    ],
  };
}
