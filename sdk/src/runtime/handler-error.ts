/** The error of a failed handler, as its caller gets it. */

import { asRunarError, createError, describeThrown, type RunarError } from "../errors/errors.js";

/** A RunarError stays as it is; anything else that a handler throws becomes the cause of one. */
export function handlerError(path: string, thrown: unknown): RunarError {
  const typed = asRunarError(thrown);
  if (typed !== undefined) return typed;
  return createError("ERR_RUNAR_ACTION", `${path}: ${describeThrown(thrown)}`, {
    cause: thrown,
    details: { path },
  });
}
