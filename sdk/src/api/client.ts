/** Typed calls: what a service's definition says, as methods. */

import type { StandardSchemaV1 } from "@standard-schema/spec";
import { isActionName } from "../paths/templates.js";
import type { CallOptions } from "../runtime/pending-call.js";
import type { Stream } from "../runtime/streams.js";
import type { Handler } from "../validation/parameters.js";
import type { Context } from "./context.js";
import type { ActionDefinition, Actions, ServiceDefinition } from "./definition.js";

/** The function of an action. */
export type HandlerOf<A> = A extends { handler: infer H extends Handler } ? H : A;

/** Parameters without the context, which comes last. One of type `any` is an argument. */
export type WithoutContext<Declared extends unknown[]> = Declared extends [
  ...infer Given,
  infer Last,
]
  ? 0 extends 1 & Last
    ? Declared
    : Last extends Context
      ? Given
      : Declared
  : Declared;

/** The arguments of an action as its callers give them: without the context, which comes last. */
export type ArgumentsOf<A extends Handler | ActionDefinition> = A extends {
  input: infer Schema extends StandardSchemaV1;
}
  ? [payload: StandardSchemaV1.InferInput<Schema>]
  : HandlerOf<A> extends (...args: infer Declared) => unknown
    ? WithoutContext<Declared>
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
 * What the language, printers, test frameworks and containers for dependency injection ask any object
 * for. A client answers to none of these, so that it can be awaited, printed, compared and injected; an
 * action with such a name is called by its path.
 */
const RESERVED_NAMES = [
  // The language.
  "then",
  "catch",
  "finally",
  "toJSON",
  "toString",
  "toLocaleString",
  "valueOf",
  "constructor",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "__proto__",
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
  "__esModule",
  // Printers and test frameworks.
  "inspect",
  "asymmetricMatch",
  "hasAttribute",
  "nodeType",
  "nodeName",
  "tagName",
  "_isMockFunction",
  "getMockName",
  // NestJS and Angular.
  "onModuleInit",
  "onApplicationBootstrap",
  "onModuleDestroy",
  "beforeApplicationShutdown",
  "onApplicationShutdown",
  "ngOnDestroy",
] as const;
const RESERVED: ReadonlySet<string> = new Set(RESERVED_NAMES);

/** A name that is no method of a client, as others than its users ask any object for it. */
export type ReservedName = (typeof RESERVED_NAMES)[number];

/**
 * The actions of a service as methods, but for those whose names have variable parts, and those named
 * as something that any object is asked for ({@link ReservedName}): they are called by their paths.
 */
export type Client<S> = S extends { actions: infer A extends Actions }
  ? {
      readonly [Name in keyof A as Name extends ReservedName | `${string}{${string}`
        ? never
        : Name]: ClientMethod<ArgumentsOf<A[Name]>, ResultOf<A[Name]>>;
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
