/** Typed calls: what a service's definition says, as methods. */

import type { Handler } from "./arguments.js";
import type { Context } from "./context.js";
import type { Actions, ServiceDefinition } from "./service.js";

/** The arguments of a handler as its callers give them: without the context, which comes last. */
export type ArgumentsOf<F extends Handler> =
  Parameters<F> extends [...infer Given, Context] ? Given : Parameters<F>;

/** What the caller of a handler gets. */
export type ResultOf<F extends Handler> = Awaited<ReturnType<F>>;

/** The actions of a service as methods. */
export type Client<S> = S extends { actions: infer A extends Actions }
  ? { readonly [Name in keyof A]: (...args: ArgumentsOf<A[Name]>) => Promise<ResultOf<A[Name]>> }
  : never;

/** Makes the methods as they are first used. */
export function makeClient<S extends Pick<ServiceDefinition, "actions">>(
  request: (path: string, args: unknown[]) => Promise<unknown>,
  servicePath: string,
): Client<S> {
  const methods = new Proxy(Object.create(null) as Record<string, unknown>, {
    get(target, name, client) {
      // A client that is awaited, or returned from an async function, is no promise.
      if (typeof name === "symbol" || name === "then") return undefined;
      const path = `${servicePath}/${name}`;
      const method = (...args: unknown[]) => request(path, args);
      Object.defineProperty(client ?? target, name, { value: method, enumerable: true });
      return method;
    },
  });
  // Methods become own properties, so the proxy behind them is asked once for each.
  return Object.create(methods) as Client<S>;
}
