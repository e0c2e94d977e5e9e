/** What a handler, or a service hook, gets last. */

import type { NodeLogger, Traced } from "../logging/logger.js";
import type { Logger } from "../logging/record.js";
import type { Observation } from "../metrics/observation.js";
import type { Node } from "../node/node.js";
import { now } from "../platform/clock.js";
import type { Host } from "../runtime/host.js";
import {
  type Call,
  type PendingCall,
  type RequestOptions,
  requestIdOf,
  traceparentOf,
} from "../runtime/pending-call.js";
import type { ArcValue } from "./arc-value.js";
import type { Caller } from "./caller.js";
import { type Client, makeClient } from "./client.js";
import type { ServiceDefinition } from "./definition.js";
import type { PublishOptions, TypedTopics } from "./events.js";

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
   * Fires when nobody waits for the answer any more: the deadline passed, the caller gave up, or
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
  abstract client<S extends Pick<ServiceDefinition, "actions">>(servicePath: string): Client<S>;
  abstract client<S extends Pick<ServiceDefinition, "path" | "actions">>(definition: S): Client<S>;
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

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({});

/** What runs: an action, a hook, or a subscriber. */
export interface Called {
  readonly path: string;
  readonly logger: NodeLogger;
}

/** What the context needs to know of the call. */
type Given = Pick<Call, "timeoutMs"> & Partial<Call>;

/** The context of a running handler. Whatever a handler may never ask for is made when it asks. */
export class CallContext extends Context implements Traced {
  #host: Host;
  #action: Called;
  #given: Given;
  /** The call that waits for the handler, when it waits in this isolate. */
  call: PendingCall | undefined;
  /** Told how the call ends, when somebody wants to know. */
  observation: Observation | undefined;
  /** Told when the handler's signal fires. */
  onAbort: ((reason: unknown) => void) | undefined;
  #logger: Logger | undefined;
  #calls: Set<PendingCall> | undefined;
  #deadline: number | undefined;
  #controller: AbortController | undefined;
  #aborted: { reason: unknown } | undefined;

  constructor(host: Host, action: Called, given: Given) {
    super();
    this.#host = host;
    this.#action = action;
    this.#given = given;
  }

  /** Whether the payload is the arguments of a typed client. */
  get positional(): boolean {
    return this.#given.positional === true;
  }

  /** What the handler itself waits for; it ends with the handler's signal. */
  get calls(): Set<PendingCall> {
    this.#calls ??= new Set();
    return this.#calls;
  }

  get logger(): Logger {
    // Hooks and subscribers are part of no request.
    if (this.#given.path === undefined) return this.#action.logger;
    this.#logger ??= this.#action.logger.forCall(this);
    return this.#logger;
  }

  get requestId(): string {
    return requestIdOf(this.#given);
  }

  get traceparent(): string | undefined {
    return this.observation?.traceparent ?? traceparentOf(this.#given);
  }

  get node(): Node {
    return this.#host.node;
  }

  get peer(): Caller | undefined {
    return this.#given.peer;
  }

  get path(): string {
    return this.#given.match?.path ?? this.#action.path;
  }

  get params(): Readonly<Record<string, string>> {
    return this.#given.match?.params ?? NO_PARAMS;
  }

  get aborted(): boolean {
    return this.#aborted !== undefined;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  get deadline(): number {
    return performance.timeOrigin + now() + this.remainingMs();
  }

  /** How long the handler still has; below zero once it is over. */
  remainingMs(): number {
    if (this.call !== undefined) return this.call.deadline - now();
    this.#deadline ??= now() + this.#given.timeoutMs;
    return this.#deadline - now();
  }

  request(
    path: string,
    payload: unknown,
    options: RequestOptions & { as: "arc" },
  ): Promise<ArcValue>;
  request<Result>(path: string, payload?: unknown, options?: RequestOptions): Promise<Result>;
  request(path: string, payload?: unknown, options?: RequestOptions): Promise<unknown> {
    return this.#host.request(path, payload, options, this);
  }

  publish(topic: string, value?: unknown, options?: PublishOptions): Promise<void> {
    return this.#host.publish(topic, value, options, this);
  }

  client<S extends Pick<ServiceDefinition, "actions">>(servicePath: string): Client<S>;
  client<S extends Pick<ServiceDefinition, "path" | "actions">>(definition: S): Client<S>;
  client<S extends Pick<ServiceDefinition, "path" | "actions">>(service: string | S): Client<S> {
    return makeClient<S>(
      (path, args, options) => this.#host.request(path, args, options, this, true),
      service,
    );
  }

  topics<Topics extends object>(): Pick<TypedTopics<Topics>, "publish"> {
    return this as Pick<TypedTopics<Topics>, "publish">;
  }

  /** The handler goes on, for as long again, after its call was answered. */
  renew(): void {
    this.call = undefined;
    this.#deadline = now() + this.#given.timeoutMs;
  }

  abort(reason: unknown): void {
    if (this.#aborted !== undefined) return;
    this.#aborted = { reason };
    this.observation?.fail(reason);
    this.onAbort?.(reason);
    this.#controller?.abort(reason);
    for (const call of this.#calls ?? []) call.abandon(reason);
  }
}
