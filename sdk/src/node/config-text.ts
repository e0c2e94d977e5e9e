/** The config of a node, as the text that Rust reads. */

import { createError, describeThrown, RunarError } from "../errors/errors.js";
import type { NodeConfig } from "../generated/config.js";
import { kindOf, refuse } from "../validation/validator.js";

/** The config as JSON. Functions and NaN, which JSON would drop or replace, are refused. */
export function configText(config: NodeConfig): string {
  const paths = new Map<unknown, string>();
  function check(this: unknown, key: string, value: unknown): unknown {
    const part = Array.isArray(this) ? `[${key}]` : `.${key}`;
    const path = paths.has(this) ? `${paths.get(this)}${part}` : "config";
    paths.set(value, path);
    const isLost = ["function", "symbol"].includes(typeof value);
    if (!isLost && (typeof value !== "number" || Number.isFinite(value))) return value;
    const got = isLost ? kindOf(value) : String(value);
    return refuse(path, `${got} is no JSON`, "ERR_RUNAR_CONFIG");
  }
  try {
    return JSON.stringify(config, check);
  } catch (cause) {
    if (cause instanceof RunarError) throw cause;
    throw createError("ERR_RUNAR_CONFIG", `config: no JSON: ${describeThrown(cause)}`, { cause });
  }
}
