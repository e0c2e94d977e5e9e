/** From the payload of a call to the arguments of a handler. */

import type { CallContext } from "./context.js";
import { createError } from "./errors.js";

/** Any function: what its parameters are is known to the types of its callers. */
export type Handler = (...args: never[]) => unknown;

/** Calls the handler with the payload's arguments and, last, the context. */
export type BoundHandler = (payload: unknown, context: CallContext) => unknown;

/**
 * An array is taken as the arguments when it has the handler's own number of them or one less (the
 * context comes last either way); without a payload there are none; anything else is the single
 * argument.
 */
export function bindArguments(handler: Handler, self: object, path: string): BoundHandler {
  const declared = handler.length;
  const call = handler as (this: object, ...args: unknown[]) => unknown;
  return (payload, context) => {
    if (Array.isArray(payload)) {
      const given = payload.length;
      if (given !== declared && given !== declared - 1)
        misfit(path, declared, `${given} arguments`);
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
    if ((payload === undefined || payload === null) && declared <= 1) {
      return call.call(self, context);
    }
    if (declared > 2) misfit(path, declared, "one value that is no array");
    return call.call(self, payload, context);
  };
}

function misfit(path: string, declared: number, given: string): never {
  const counts = declared === 0 ? "none" : `${declared - 1}, or ${declared} without a context`;
  throw createError(
    "ERR_RUNAR_INVALID_ARGUMENT",
    `${path}: the handler takes ${counts}; the payload has ${given}`,
    { details: { path, declared } },
  );
}
