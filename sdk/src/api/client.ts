/** The making of typed clients. */

import type { CallOptions } from "./call-options.js";
import type { Client, ClientMethod } from "./context.js";
import type { ServiceDefinition } from "./definition.js";

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
