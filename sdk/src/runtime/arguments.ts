/** The binding of a payload to the arguments of a handler. */

import type { Context } from "../api/context.js";
import type { Handler } from "../api/handler.js";
import { refuse } from "../validation/validator.js";

type AnyFunction = (this: object, ...args: unknown[]) => unknown;

/** The context of a call, with the form of its payload. */
export interface PayloadContext extends Context {
  /** Whether the payload is the arguments of a typed client. */
  readonly positional: boolean;
}

/** Calls the handler with the payload's arguments and, last, the context. */
export type BoundHandler = (payload: unknown, context: PayloadContext) => unknown;

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
        refuseCount(path, declared, given === 1 ? "1 argument" : `${given} arguments`);
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
    if (declared > 2)
      refuseCount(path, declared, isMissing ? "none" : "one value that is no array");
    return call.call(self, payload, context);
  };
}

function refuseCount(path: string, declared: number, given: string): never {
  const counts = declared === 0 ? "none" : `${declared - 1}, or ${declared} without a context`;
  refuse(path, `the handler takes ${counts}; the payload has ${given}`);
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
