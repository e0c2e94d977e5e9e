/** The making of typed clients. */

import { isActionName } from "../paths/templates.js";
import type { CallOptions } from "./call-options.js";
import type { Client, ClientMethod } from "./context.js";
import type { ServiceDefinition } from "./definition.js";
import { RESERVED_NAMES } from "./reserved-names.js";

type Request = (path: string, args: unknown[], options?: CallOptions) => Promise<unknown>;

function makeMethod(request: Request, path: string): ClientMethod<unknown[], unknown> {
  const method = (...args: unknown[]) => request(path, args);
  const withOptions =
    (options: CallOptions) =>
    (...args: unknown[]) =>
      request(path, args, options);
  return Object.assign(method, { with: withOptions });
}

const RESERVED: ReadonlySet<string> = new Set(RESERVED_NAMES);

const METHOD = { enumerable: true, configurable: true, writable: true };

/** Puts a method in its place, where tests may put another. */
function addMethod(client: object, name: string, method: unknown): void {
  Object.defineProperty(client, name, { ...METHOD, value: method });
}

/** Whether a property of a client is an action. */
function isAction(name: string | symbol): name is string {
  return typeof name === "string" && !RESERVED.has(name) && isActionName(name);
}

/**
 * Makes a client. Of a definition it has the methods of the definition alone; of a path it makes them as
 * they are first used, since only types say which there are.
 */
export function makeClient<S extends Pick<ServiceDefinition, "actions">>(
  request: Request,
  service: string | Pick<ServiceDefinition, "path" | "actions">,
): Client<S> {
  if (typeof service !== "string") {
    const client = Object.create(null) as Record<string, unknown>;
    for (const name of Object.keys(service.actions)) {
      if (isAction(name)) addMethod(client, name, makeMethod(request, `${service.path}/${name}`));
    }
    return client as Client<S>;
  }
  const make = (name: string) => makeMethod(request, `${service}/${name}`);
  const methods = new Proxy(Object.create(null) as Record<string, unknown>, {
    get(_, name, client) {
      if (!isAction(name)) return undefined;
      const method = make(name);
      addMethod(client, name, method);
      return method;
    },
    has: (_, name) => isAction(name),
    // What replaces methods looks for them first.
    getOwnPropertyDescriptor: (_, name) =>
      isAction(name) ? { ...METHOD, value: make(name) } : undefined,
  });
  // Methods become own properties, so the proxy behind them is asked once for each.
  return Object.create(methods) as Client<S>;
}
