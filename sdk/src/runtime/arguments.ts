/** From the payload of a call to the arguments of a handler. */

import type { CallContext } from "../api/context.js";
import { createError } from "../errors/errors.js";

/** Any function: what its parameters are is known to the types of its callers. */
export type Handler = (...args: never[]) => unknown;

type AnyFunction = (this: object, ...args: unknown[]) => unknown;

/** Calls the handler with the payload's arguments and, last, the context. */
export type BoundHandler = (payload: unknown, context: CallContext) => unknown;

/**
 * An array is taken as the arguments when it has the handler's own number of them or one less (the
 * context comes last either way); without a payload there are none; anything else is the single
 * argument.
 */
export function bindArguments(handler: Handler, self: object, path: string): BoundHandler {
  const declared = handler.length;
  const call = handler as AnyFunction;
  return (payload, context) => {
    if (Array.isArray(payload)) {
      const given = payload.length;
      if (given !== declared && given !== declared - 1)
        misfit(path, declared, given === 1 ? "1 argument" : `${given} arguments`);
      switch (given) {
        case 0:
          return call.call(self, context);
        case 1:
          return call.call(self, payload[0], context);
        case 2:
          return call.call(self, payload[0], payload[1], context);
        case 3:
          return call.call(self, payload[0], payload[1], payload[2], context);
        default:
          return call.call(self, ...payload, context);
      }
    }
    const isMissing = payload === undefined || payload === null;
    if (isMissing && declared <= 1) return call.call(self, context);
    if (declared > 2) misfit(path, declared, isMissing ? "none" : "one value that is no array");
    return call.call(self, payload, context);
  };
}

function misfit(path: string, declared: number, given: string): never {
  const counts = declared === 0 ? "none" : `${declared - 1}, or ${declared} without a context`;
  refuse(path, `the handler takes ${counts}; the payload has ${given}`);
}

function refuse(path: string, what: string): never {
  throw createError("ERR_RUNAR_INVALID_ARGUMENT", `${path}: ${what}`, { details: { path } });
}

/**
 * With `params` an object goes by name and an array by position. What the handler has no default
 * for must be there; what is left out arrives as `undefined`; the context comes after all of them.
 */
export function bindNamed(
  handler: Handler,
  params: readonly string[],
  self: object,
  path: string,
): BoundHandler {
  const call = handler as AnyFunction;
  const required = Math.min(handler.length, params.length);
  const expected = `expected { ${params.join(", ")} } or an array in that order`;
  return (payload = [], context) => {
    if (typeof payload !== "object" || payload === null || payload instanceof Uint8Array) {
      refuse(path, `${expected}, got one value`);
    }
    const given = payload as Record<string, unknown>;
    if (Array.isArray(payload)) {
      const { length } = payload;
      if (length < required || length > params.length) {
        refuse(path, `${expected}, got an array of ${length}`);
      }
      return call.call(self, ...params.map((_, index) => payload[index]), context);
    }
    for (const key of Object.keys(given)) {
      if (!params.includes(key)) refuse(path, `${expected}; there is no ${key}`);
    }
    for (const name of params.slice(0, required)) {
      if (!Object.hasOwn(given, name)) refuse(path, `${expected}; ${name} is missing`);
    }
    return call.call(self, ...params.map((name) => given[name]), context);
  };
}

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
