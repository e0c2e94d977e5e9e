/** The function of an action. */

/** Any function: what its parameters are is known to the types of its callers. */
export type Handler = (...args: never[]) => unknown;

/**
 * Whether a function has default or rest parameters, which its `length` does not count. Read from
 * its source; a function without one (bound, native) is taken at its word.
 */
export function hasUncountedParameters(handler: Handler): boolean {
  const source = Function.prototype.toString.call(handler);
  const open = source.indexOf("(");
  const arrow = source.indexOf("=>");
  if (open === -1 || source.includes("[native code]") || (arrow !== -1 && arrow < open))
    return false;
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    const character = source[at] as string;
    if (source.startsWith("/*", at)) at = source.indexOf("*/", at) + 1;
    else if (source.startsWith("//", at)) at = source.indexOf("\n", at);
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (depth === 1 && (character === "=" || source.startsWith("...", at))) return true;
    if (depth === 0 || at === -1) break;
  }
  return false;
}
