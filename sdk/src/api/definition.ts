/** The definition of a service, as users write it. */

import type { StandardSchemaV1 } from "../validation/standard-schema.js";
import type { ActionDefinition, Actions } from "./action.js";
import type { Authorize } from "./caller.js";
import type { Context, EventContext, LifecycleContext } from "./context.js";
import type { Event } from "./event.js";

/**
 * An action whose handler takes what its schema lets through; the compiler then knows the types of
 * both from the schema.
 *
 * @example
 * const order = defineAction({
 *   input: z.object({ isbn: z.string(), count: z.number().int().positive() }),
 *   handler: (order, ctx) => order.count,
 * });
 */
export function defineAction<Schema extends StandardSchemaV1, Result>(
  definition: Omit<ActionDefinition, "input" | "handler" | "params"> & {
    /** What the payload must be. */
    input: Schema;
    /** Gets what the schema makes of the payload, and a `Context`. */
    handler: (payload: StandardSchemaV1.InferOutput<Schema>, context: Context) => Result;
  },
): typeof definition {
  return definition;
}

/** An event handler of a definition, where a handler may say what it knows of the value: `Event<Order>`. */
export type ServiceEventHandler = { hear(event: Event, context: EventContext): unknown }["hear"];

/** An event handler with a schema of the values. */
export interface EventDefinition {
  /** Checks the event's value, and may change it. The event of a refused value is logged and not handled. */
  input?: StandardSchemaV1;
  /** Handles the events whose values the schema lets through. */
  handler: ServiceEventHandler;
}

/**
 * An event handler that takes what its schema lets through; the compiler then knows the type of the value
 * from the schema.
 *
 * @example
 * const placed = defineEvent({
 *   input: z.object({ isbn: z.string() }),
 *   handler: (event, ctx) => ctx.logger.info(event.value.isbn),
 * });
 */
export function defineEvent<Schema extends StandardSchemaV1>(definition: {
  /** What the value of an event must be. */
  input: Schema;
  /** Gets the event with what the schema makes of its value, and a context. */
  handler: (event: Event<StandardSchemaV1.InferOutput<Schema>>, context: EventContext) => unknown;
}): typeof definition {
  return definition;
}

/**
 * A service, as users write it.
 *
 * @example
 * const mathService = defineService({
 *   name: "math-service",
 *   path: "math",
 *   actions: { add: (a: number, b: number) => a + b },
 * });
 */
export interface ServiceDefinition<A extends Actions = Actions> {
  /** A name for people: up to 128 characters. */
  name: string;
  /** The first part of the path of every action: letters, digits, `_`, `-` and `.`. */
  path: string;
  /** The service's own version. `1.0.0` by default. */
  version?: string;
  /** What the service is for, as `$registry` lists it. Empty by default. */
  description?: string;
  /**
   * A function for each action, or an object with one and more. The function gets the arguments of
   * the call and, last, a `Context`; it may return a value or a promise, or throw. Names have one or
   * more parts, separated by `/`; a part `{id}` stands for anything, and is found in `ctx.params`.
   */
  actions: A;
  /** What the service listens to while it runs, by topic or pattern: handlers, or with their schemas. */
  events?: Record<string, ServiceEventHandler | EventDefinition>;
  /** Milliseconds until a call ends with a TimeoutError. By default that of the node. */
  timeoutMs?: number;
  /** Decides which peers may call the service, after the node's `authorize`. By default all may. */
  authorize?: Authorize;
  /** Runs once, when the service is added. */
  init?(context: LifecycleContext): unknown;
  /** Runs when the node starts, in the order in which services were added; calls wait for no one. */
  start?(context: LifecycleContext): unknown;
  /** Runs when the node stops, in the reverse order, after running work has ended. */
  stop?(context: LifecycleContext): unknown;
}

/**
 * Returns the definition as it is; the compiler checks it where it is written and keeps its exact
 * type for `node.client`.
 *
 * @example
 * const math = defineService({
 *   name: "math",
 *   path: "math",
 *   actions: { add: (a: number, b: number) => a + b },
 * });
 * const sum = await node.client<typeof math>("math").add(2, 3); // a number
 */
export function defineService<A extends Actions>(
  definition: ServiceDefinition<A>,
): ServiceDefinition<A> {
  return definition;
}
