/** Typed calls: what a service's definition says, as methods. */

import type { Handler } from "./arguments.js";
import type { CallOptions } from "./call.js";
import type { Context } from "./context.js";
import type { ActionDefinition, Actions, ServiceDefinition } from "./service.js";
import type { Stream } from "./streams.js";
import type { StandardSchemaV1 } from "./validation/standard-schema.js";

/** The function of an action. */
export type HandlerOf<A> = A extends { handler: infer H extends Handler } ? H : A;

/** The arguments of an action as its callers give them: without the context, which comes last. */
export type ArgumentsOf<A extends Handler | ActionDefinition> = A extends {
  input: infer Schema extends StandardSchemaV1;
}
  ? [payload: StandardSchemaV1.InferInput<Schema>]
  : HandlerOf<A> extends (...args: infer Declared) => unknown
    ? Declared extends [...infer Given, Context]
      ? Given
      : Declared
    : never;

/** What the caller of an action gets. */
export type ResultOf<A extends Handler | ActionDefinition> =
  HandlerOf<A> extends (...args: never[]) => infer Result
    ? A extends { output: infer Schema extends StandardSchemaV1 }
      ? Awaited<Result> extends AsyncIterable<unknown>
        ? Stream<StandardSchemaV1.InferOutput<Schema>>
        : StandardSchemaV1.InferOutput<Schema>
      : Awaited<Result> extends AsyncIterable<infer Item>
        ? Stream<Item>
        : Awaited<Result>
    : never;

/** An action as a method. */
export interface ClientMethod<Arguments extends unknown[], Result> {
  (...args: Arguments): Promise<Result>;
  /**
   * The method with options for its calls, which never look like an argument.
   *
   * @example
   * await math.add.with({ timeoutMs: 50, signal })(2, 3);
   */
  with(options: CallOptions): (...args: Arguments) => Promise<Result>;
}

/**
 * The actions of a service as methods, but for those whose names have variable parts: they are
 * called by their paths.
 */
export type Client<S> = S extends { actions: infer A extends Actions }
  ? {
      readonly [Name in keyof A as Name extends `${string}{${string}` ? never : Name]: ClientMethod<
        ArgumentsOf<A[Name]>,
        ResultOf<A[Name]>
      >;
    }
  : never;

type Request = (path: string, args: unknown[], options?: CallOptions) => Promise<unknown>;

function makeMethod(request: Request, path: string): ClientMethod<unknown[], unknown> {
  const method = (...args: unknown[]) => request(path, args);
  const withOptions =
    (options: CallOptions) =>
    (...args: unknown[]) =>
      request(path, args, options);
  return Object.assign(method, { with: withOptions });
}

/** What the language itself asks any object for: awaiting or printing a client calls no action. */
const NO_ACTIONS = new Set(["then", "toJSON", "toString", "valueOf", "constructor", "inspect"]);

/** Makes the methods as they are first used. */
export function makeClient<S extends Pick<ServiceDefinition, "actions">>(
  request: Request,
  servicePath: string,
): Client<S> {
  const methods = new Proxy(Object.create(null) as Record<string, unknown>, {
    get(target, name, client) {
      if (typeof name === "symbol" || NO_ACTIONS.has(name)) return undefined;
      const method = makeMethod(request, `${servicePath}/${name}`);
      Object.defineProperty(client ?? target, name, { value: method, enumerable: true });
      return method;
    },
  });
  // Methods become own properties, so the proxy behind them is asked once for each.
  return Object.create(methods) as Client<S>;
}
