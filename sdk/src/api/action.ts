/** An action, as users define it. */

import type { Handler } from "../validation/parameters.js";
import type { StandardSchemaV1 } from "../validation/standard-schema.js";

/** An action with more to say than its handler. */
export interface ActionDefinition<H extends Handler = Handler> {
  /**
   * The names of the handler's arguments: an object payload then goes by name, an array by
   * position, and both are checked. Needed for a handler with default or rest parameters.
   */
  params?: readonly string[];
  /**
   * Checks the payload, and may change it, before it becomes arguments: any Standard Schema (zod,
   * valibot, arktype, …). What it refuses is an InvalidArgumentError with the issues in `details`.
   */
  input?: StandardSchemaV1;
  /** Checks the result, and may change it. What it refuses is an ActionError. */
  output?: StandardSchemaV1;
  /** Milliseconds until a call ends with a TimeoutError. By default that of the service. */
  timeoutMs?: number;
  /**
   * How many calls may run at once: 1000 by default. Only a handler that returns a promise runs
   * longer than a moment; one that outlasts its deadline counts until it settles.
   */
  concurrency?: number;
  /** How many calls may wait for their turn: 100,000 by default. More are an OverloadError. */
  queue?: number;
  /** Gets the arguments of the call and, last, a `Context`. */
  handler: H;
}

/** The actions of a service by their names. */
export type Actions = Record<string, Handler | ActionDefinition>;
