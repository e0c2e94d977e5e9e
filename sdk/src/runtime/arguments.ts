/** The binding of a payload to the arguments of a handler. */

import type { Context } from "../api/context.js";
import type { Handler, Parameters } from "../validation/parameters.js";
import { refuse } from "../validation/validator.js";

type AnyFunction = (this: object, ...args: unknown[]) => unknown;

/** The context of a call, with the form of its payload. */
export interface PayloadContext extends Context {
  /** Whether the payload is the arguments of a typed client. */
  readonly positional: boolean;
}

/** Calls the handler with the payload's arguments and, behind them, the context. */
export type BoundHandler = (payload: unknown, context: PayloadContext) => unknown;

/**
 * An array is the arguments, as in any call of a function: what is left out is `undefined`, and more
 * than the handler takes is refused. Anything else is the single argument. The context comes behind as
 * many arguments as the handler declares, however many came.
 */
export function bindArguments(
  handler: Handler,
  { count }: Parameters,
  self: object,
  path: string,
): BoundHandler {
  const call = handler as AnyFunction;
  return (payload, context) => {
    if (Array.isArray(payload)) {
      if (payload.length > count) refuseCount(path, count, `${payload.length}`);
      switch (count) {
        case 0:
          return call.call(self, context);
        case 1:
          return call.call(self, payload[0], context);
        case 2:
          return call.call(self, payload[0], payload[1], context);
        case 3:
          return call.call(self, payload[0], payload[1], payload[2], context);
        default:
          return call.call(self, ...upTo(count, payload), context);
      }
    }
    if (count === 1) return call.call(self, payload, context);
    if (payload !== undefined && payload !== null && !(count === 0 && isEmptyObject(payload))) {
      refuseCount(path, count, count === 0 ? "1" : "one value that is no array");
    }
    return call.call(self, ...upTo(count, []), context);
  };
}

/** Arguments by name of which there are none, as HTTP clients like to send them. */
function isEmptyObject(payload: unknown): boolean {
  if (typeof payload !== "object" || payload === null) return false;
  return Object.getPrototypeOf(payload) === Object.prototype && Object.keys(payload).length === 0;
}

/** As many items as there are to be; those that are missing are `undefined`. */
function upTo(count: number, given: unknown[]): unknown[] {
  return Array.from({ length: count }, (_, index) => given[index]);
}

function refuseCount(path: string, count: number, given: string): never {
  const some = count === 1 ? "at most 1 argument" : `at most ${count} arguments`;
  refuse(
    path,
    `the handler takes ${count === 0 ? "no arguments" : some}; the payload has ${given}`,
  );
}

/** With a schema, the handler gets the value that the schema returned, and the context. */
export function bindSingle(handler: Handler, self: object): BoundHandler {
  const call = handler as AnyFunction;
  return (payload, context) => call.call(self, payload, context);
}

/**
 * With `params` an object goes by name and an array by position. What the handler has no default
 * for must be there; what is left out arrives as `undefined`. The context comes after all of them, but
 * not to a rest parameter, which has arguments only.
 */
export function bindNamed(
  handler: Handler,
  params: readonly string[],
  hasRest: boolean,
  self: object,
  path: string,
): BoundHandler {
  const call = handler as AnyFunction;
  const required = Math.min(handler.length, params.length);
  const expected = `expected { ${params.join(", ")} } or an array in that order`;
  const run = (args: unknown[], context: PayloadContext) =>
    hasRest ? call.call(self, ...args) : call.call(self, ...args, context);
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
      return run(upTo(params.length, payload), context);
    }
    for (const key of Object.keys(given)) {
      if (!params.includes(key)) refuse(path, `${expected}; there is no ${key}`);
    }
    for (const name of params.slice(0, required)) {
      if (!Object.hasOwn(given, name)) refuse(path, `${expected}; ${name} is missing`);
    }
    return run(
      params.map((name) => (Object.hasOwn(given, name) ? given[name] : undefined)),
      context,
    );
  };
}
