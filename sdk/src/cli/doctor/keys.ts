/** The keys that a node is to have. */

import { statSync } from "node:fs";
import { type KeyOptions, openIdentity } from "../keys.js";
import type { Check } from "./check.js";

const SOON_MS = 30 * 24 * 60 * 60 * 1_000;

/** Opens the file that is named, if one is. */
export async function keysCheck(options: KeyOptions): Promise<Check> {
  const name = "keys";
  const { key } = options;
  if (key === undefined) {
    const message =
      "none are named (--key or RUNAR_KEY): a node gets keys of its own and forgets them";
    return { name, status: "ok", message, details: [] };
  }
  const details: [string, string][] = [["file", key]];
  try {
    details.push(["mode", (statSync(key).mode & 0o777).toString(8).padStart(4, "0")]);
    const identity = await openIdentity(options);
    if (identity === undefined) throw new Error(`${key} holds no keys`);
    const { certificate, networkIds, nodeId } = identity;
    details.push(["node", nodeId], ["networks", networkIds.join(", ")]);
    if (certificate === undefined) {
      const message = "of no network yet: runar-ts keys enrol makes them a member of one";
      return { name, status: "failed", message, details };
    }
    const until = certificate.validUntil;
    const left = until.getTime() - Date.now();
    const message = `good until ${until.toISOString().slice(0, 10)}`;
    if (left < 0)
      return { name, status: "failed", message: message.replace("good", "were good"), details };
    return { name, status: left < SOON_MS ? "warning" : "ok", message, details };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, status: "failed", message, details };
  }
}
