/** The context of a running handler, hook or subscriber. */

import type { ArcValue } from "../api/arc-value.js";
import type { RequestOptions } from "../api/call-options.js";
import type { Caller } from "../api/caller.js";
import { makeClient } from "../api/client.js";
import type { Client, TypedTopics } from "../api/context.js";
import { Context } from "../api/context.js";
import type { ServiceDefinition } from "../api/definition.js";
import type { PublishOptions } from "../api/event.js";
import type { Expiring } from "../bridge/deadlines.js";
import type { NodeLogger, Traced } from "../logging/logger.js";
import type { Logger } from "../logging/record.js";
import type { Observation } from "../metrics/observation.js";
import { now, sinceEpoch } from "../platform/clock.js";
import type { PayloadContext } from "./arguments.js";
import {
  type Abandonable,
  type Call,
  type CallParent,
  requestIdOf,
  traceparentOf,
} from "./call.js";
import type { ContextPort, HandlerPort } from "./ports.js";

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({});

/** What runs in a context: an action, a hook, or a subscriber. */
export interface Callee {
  readonly path: string;
  readonly logger: NodeLogger;
}

/** The part of a call that its context needs; hooks and subscribers have no call of their own. */
type ContextCall = Pick<Call, "timeoutMs"> & Partial<Call>;

/** The context of a running handler. What a handler may not need is made when it is first read. */
export class CallContext
  extends Context
  implements CallParent, HandlerPort, PayloadContext, Traced
{
  #host: ContextPort;
  #callee: Callee;
  #call: ContextCall;
  /** The call that waits for the handler, when its caller is of this isolate. */
  pending: Pick<Expiring, "deadline"> | undefined;
  /** Observes the end of the call, on a node with metrics or telemetry. */
  observation: Observation | undefined;
  /** Called when the handler's signal fires. */
  onAbort: ((reason: unknown) => void) | undefined;
  #logger: Logger | undefined;
  #calls: Set<Abandonable> | undefined;
  #deadline: number | undefined;
  #controller: AbortController | undefined;
  #aborted: { reason: unknown } | undefined;

  constructor(host: ContextPort, callee: Callee, call: ContextCall) {
    super();
    this.#host = host;
    this.#callee = callee;
    this.#call = call;
  }

  /** Whether the payload is the arguments of a typed client. */
  get positional(): boolean {
    return this.#call.positional === true;
  }

  /** The calls that the handler waits for; they end with the handler's signal. */
  get calls(): Set<Abandonable> {
    this.#calls ??= new Set();
    return this.#calls;
  }

  get logger(): Logger {
    const { path, cause } = this.#call;
    // Hooks are part of no request, and neither are subscribers unless a handler has published.
    if (path === undefined && cause?.parent === undefined) return this.#callee.logger;
    this.#logger ??= this.#callee.logger.forCall(this);
    return this.#logger;
  }

  get requestId(): string {
    return requestIdOf(this.#call);
  }

  get traceparent(): string | undefined {
    return this.observation?.traceparent ?? traceparentOf(this.#call);
  }

  get node(): Context["node"] {
    return this.#host.node;
  }

  get peer(): Caller | undefined {
    return this.#call.peer;
  }

  get path(): string {
    return this.#call.match?.path ?? this.#callee.path;
  }

  get params(): Readonly<Record<string, string>> {
    return this.#call.match?.params ?? NO_PARAMS;
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
    return sinceEpoch(now() + this.remainingMs());
  }

  remainingMs(): number {
    if (this.pending !== undefined) return this.pending.deadline - now();
    this.#deadline ??= now() + this.#call.timeoutMs;
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

  /** Gives the handler its time again, after its call was answered. */
  renew(): void {
    this.pending = undefined;
    this.#deadline = now() + this.#call.timeoutMs;
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
