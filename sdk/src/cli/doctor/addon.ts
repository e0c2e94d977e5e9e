/** The native addon: which one is loaded, and why. */

import { tryCandidates } from "runar-ts-ffi";
import type { Check } from "./check.js";

/** Tries every place where the addon may be. */
export async function addonCheck(): Promise<Check> {
  const { binding, attempts } = tryCandidates();
  const details = attempts.map((attempt): [string, string] => {
    const { candidate, reason } = attempt;
    if (attempt.outcome === "loaded") return ["loaded", `${attempt.file} (${reason})`];
    const why = attempt.outcome === "failed" ? `${reason}: ${attempt.cause}` : reason;
    return [attempt.outcome, `${candidate} (${why})`];
  });
  if (binding === undefined) {
    const message = `no addon for ${process.platform}-${process.arch} can be loaded`;
    return { name: "addon", status: "failed", message, details };
  }
  return { name: "addon", status: "ok", message: binding.hello(), details };
}
