/** The context of a call, with the typed client and the typed topics that it gives. */

import type { Logger } from "../logging/record.js";
import type { Node } from "../node/node.js";
import type { Handler } from "../validation/parameters.js";
import type { StandardSchemaV1 } from "../validation/standard-schema.js";
import type { ActionDefinition, Actions } from "./action.js";
import type { ArcValue } from "./arc-value.js";
import type { IterateOptions } from "./bounded-iterator.js";
import type { CallOptions, RequestOptions } from "./call-options.js";
import type { Caller } from "./caller.js";
import type { Event, PublishOptions, SubscribeOptions, Subscription } from "./event.js";
import type { EventIterator } from "./event-iterator.js";
import type { ReservedName } from "./reserved-names.js";
import type { Stream } from "./stream.js";

/**
 * What a handler gets as its last argument: where it is, how long it has, and the way to call
 * others on behalf of the same call. A class, so that it can be imported beside `Node` without
 * `type` where the compiler, or Node itself, keeps imports as they are written.
 *
 * @example
 * const add = (a: number, b: number, ctx: Context) => {
 *   ctx.logger.debug("adding", { a, b });
 *   return a + b;
 * };
 */
export abstract class Context {
  /** Writes records that carry the service, the action, `requestId` and `traceparent`. */
  abstract readonly logger: Logger;
  /**
   * What the log records have in common that are written for one call from outside of services, by
   * its handler and by those that it calls in turn. Made when it is first asked for.
   */
  abstract readonly requestId: string;
  /**
   * The W3C trace context with which the call came or, on a node with `telemetry`, that of the
   * handler's own span; calls of the handler carry it on.
   */
  abstract readonly traceparent: string | undefined;
  /** The node that hosts the handler. */
  abstract readonly node: Node;
  /** The node that calls, when it is another one; `undefined` for calls from within this node. */
  abstract readonly peer: Caller | undefined;
  /** The path that was asked for: `math/add`. */
  abstract readonly path: string;
  /** What the variable parts of the action's name stand for: `items/{id}` gives `params.id`. */
  abstract readonly params: Readonly<Record<string, string>>;
  /**
   * Fires when the answer is no longer awaited: the deadline passed, the caller gave up, or
   * the node stopped. Its `reason` is what the caller got; when a peer gave up, an AbortError.
   */
  abstract readonly signal: AbortSignal;
  /** When the call ends with a TimeoutError, in milliseconds since 1970. */
  abstract readonly deadline: number;
  /**
   * Calls another action. Unlike `node.request` it never waits longer than this handler has left,
   * it ends when this handler's signal fires, and it is still allowed while the node drains.
   *
   * @example
   * const price = await ctx.request<number>("catalog/price", [isbn], { timeoutMs: 500 });
   */
  abstract request(
    path: string,
    payload: unknown,
    options: RequestOptions & { as: "arc" },
  ): Promise<ArcValue>;
  abstract request<Result = unknown>(
    path: string,
    payload?: unknown,
    options?: RequestOptions,
  ): Promise<Result>;
  /**
   * The actions of a service as methods, as `node.client` gives them; calls are as by `request`.
   *
   * @example
   * const price = await ctx.client<typeof catalog>("catalog").price(isbn);
   */
  abstract client<
    S extends {
      /** The actions of the service. */
      actions: Actions;
    },
  >(servicePath: string): Client<S>;
  abstract client<
    S extends {
      /** The path of the service. */
      path: string;
      /** The actions of the service. */
      actions: Actions;
    },
  >(definition: S): Client<S>;
  /**
   * Publishes an event, as `node.publish` does; still allowed while the node drains.
   *
   * @example
   * await ctx.publish("orders/placed", { id: 7 });
   */
  abstract publish(topic: string, value?: unknown, options?: PublishOptions): Promise<void>;
  /**
   * Publishing with the types of a map from topics to values, as `node.topics` gives it.
   *
   * @example
   * await ctx.topics<{ "orders/placed": { id: number } }>().publish("orders/placed", { id: 7 });
   */
  abstract topics<Topics extends object>(): Pick<TypedTopics<Topics>, "publish">;
}

/** What the hooks `init`, `start` and `stop` of a service get. */
export type LifecycleContext = Pick<
  Context,
  "logger" | "node" | "signal" | "request" | "client" | "publish" | "topics"
>;

/** What a subscriber gets beside the event. `path` is the event's topic. */
export type EventContext = Pick<
  Context,
  | "logger"
  | "requestId"
  | "traceparent"
  | "node"
  | "path"
  | "signal"
  | "request"
  | "client"
  | "publish"
  | "topics"
>;

/** Handles events. What it throws, or rejects with, is logged and has no other effect. */
export type EventHandler<Value = unknown> = (event: Event<Value>, context: EventContext) => unknown;

/** A node with the types of its topics' values: `node.topics<…>()`. */
export interface TypedTopics<Topics extends object> {
  /** As `node.publish`, with the type of the topic's values. */
  publish<Topic extends keyof Topics & string>(
    topic: Topic,
    value: Topics[Topic],
    options?: PublishOptions,
  ): Promise<void>;
  /** As `node.on`. */
  on<Topic extends keyof Topics & string>(
    topic: Topic,
    handler: EventHandler<Topics[Topic]>,
    options?: SubscribeOptions,
  ): Subscription;
  /** As `node.once`. */
  once<Topic extends keyof Topics & string>(
    topic: Topic,
    options?: CallOptions,
  ): Promise<Event<Topics[Topic]>>;
  /** As `node.events`. */
  events<Topic extends keyof Topics & string>(
    topic: Topic,
    options?: IterateOptions,
  ): EventIterator<Topics[Topic]>;
}

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
