/** The host of a node: its parts, and the lanes by which its calls are made. */

import { ArcValue, makeArcValue } from "../api/arc-value.js";
import type { CallOptions, RequestOptions } from "../api/call-options.js";
import type { Authorize } from "../api/caller.js";
import type { Context } from "../api/context.js";
import { PUBLISH_OPTIONS, type PublishOptions } from "../api/event.js";
import type { CheckValues, NodeState } from "../api/node-options.js";
import type { PeerChange } from "../api/peers.js";
import { Handle } from "../bridge/handles.js";
import type { Isolate } from "../bridge/isolate.js";
import type { Abortable, CallPort, NodePort, ReplyPort } from "../bridge/ports.js";
import type { RemoteCaller } from "../bridge/remote-caller.js";
import { createError } from "../errors/errors.js";
import { runInCall } from "../logging/current.js";
import type { NodeLogs } from "../logging/logger.js";
import type { LogPipeline } from "../logging/pipeline.js";
import type { Logger } from "../logging/record.js";
import type { NodeMetrics } from "../metrics/metrics.js";
import { checkCallable, checkPath, type Match } from "../paths/templates.js";
import { checkPublished } from "../paths/topics.js";
import { isAsyncIterable } from "../platform/async-iterable.js";
import { isPromiseLike } from "../platform/promise-like.js";
import { checkMilliseconds, checkOptions } from "../validation/validator.js";
import { checkValue } from "../values/check.js";
import { plain } from "../values/rust-value.js";
import { refusalOf, timeoutFor } from "./admission.js";
import type { Abandonable, Call, CallParent } from "./call.js";
import { CallContext } from "./call-context.js";
import { EventTable } from "./event-table.js";
import { Invocations, type InvocationsPort } from "./invocations.js";
import { ConcurrencyLimiter } from "./limiter.js";
import { LogControl, type LogControlPort } from "./log-control.js";
import { NativeCalls } from "./native-calls.js";
import type { Observer } from "./observer.js";
import { Peers } from "./peers.js";
import { PendingCall } from "./pending-call.js";
import type {
  EventsPort,
  LimiterPort,
  NativeCallsPort,
  ObserverPort,
  PeersPort,
  StreamsPort,
} from "./ports.js";
import { Router } from "./router.js";
import type { Action, Service } from "./service.js";
import { StreamReader } from "./stream-reader.js";
import { Streams } from "./streams.js";

/** What a node is made of and configured with. */
export interface HostSettings {
  readonly isolate: Isolate;
  /** The number by which Rust knows the node. */
  readonly handle: number;
  readonly node: Context["node"];
  readonly logs: NodeLogs;
  readonly direct: boolean;
  readonly networked: boolean;
  readonly requestTimeoutMs: number;
  readonly checkValues: CheckValues;
  readonly asyncContext: boolean;
  readonly authorize: Authorize | undefined;
}

export class Host
  implements
    NodePort,
    EventsPort,
    InvocationsPort,
    LimiterPort,
    LogControlPort,
    NativeCallsPort,
    ObserverPort,
    PeersPort,
    StreamsPort
{
  readonly isolate: Isolate;
  readonly handle: number;
  readonly node: Context["node"];
  readonly logs: NodeLogs;
  readonly direct: boolean;
  readonly networked: boolean;
  readonly requestTimeoutMs: number;
  readonly checkValues: CheckValues;
  readonly asyncContext: boolean;
  readonly authorize: Authorize | undefined;
  state: NodeState = "created";
  readonly router = new Router();
  /** The `authenticate` functions of the gateways, by the paths of the gateways. */
  readonly authenticators = new Map<string, (request: unknown) => Promise<boolean>>();
  readonly services: ReadonlyMap<string, Service> = this.router.services;
  /** The actions of the router: every call looks here first. */
  readonly #actions: ReadonlyMap<string, Action> = this.router.actions;
  /** The calls for which a drain waits. */
  readonly waiting = new Set<Abandonable>();
  readonly limiter = new ConcurrencyLimiter(this);
  /** Handlers that have returned a promise which has not settled. */
  readonly running: Set<Abortable> = this.limiter.running;
  /** Called when the last call and the last handler have ended. */
  onIdle: (() => void) | undefined;
  readonly events = new EventTable(this);
  readonly peers = new Peers(this);
  readonly streams: Streams = new Streams(this);
  readonly #nativeCalls = new NativeCalls(this);
  readonly #invocations = new Invocations(this);
  /** Observes the calls, on a node with metrics or telemetry. */
  observer: Observer | undefined;
  readonly serviceListeners = new Set<() => void>();
  readonly logControl = new LogControl(this);
  /** Whether there may be subscribers outside of this isolate: peers, or Rust services. */
  hasOtherListeners: boolean;

  constructor(settings: HostSettings) {
    this.isolate = settings.isolate;
    this.handle = settings.handle;
    this.node = settings.node;
    this.logs = settings.logs;
    this.direct = settings.direct;
    this.networked = settings.networked;
    this.requestTimeoutMs = settings.requestTimeoutMs;
    this.checkValues = settings.checkValues;
    this.asyncContext = settings.asyncContext;
    this.authorize = settings.authorize;
    this.hasOtherListeners = settings.networked;
  }

  get pipeline(): LogPipeline {
    return this.logs.pipeline;
  }

  get logger(): Logger {
    return this.node.logger;
  }

  get nodeId(): string | undefined {
    return this.pipeline.nodeId;
  }

  hostsRustService(path: string): boolean {
    return this.services.get(path)?.actions.length === 0;
  }

  offeredActions(service: string): ReadonlySet<string> | undefined {
    return this.peers.offered.get(service);
  }

  /** @throws InvalidArgumentError on a node without metrics. */
  metrics(): NodeMetrics {
    const metrics = this.observer?.read();
    if (metrics !== undefined) return metrics;
    throw createError(
      "ERR_RUNAR_INVALID_ARGUMENT",
      "metrics(): the node counts nothing; make it with { metrics: true }",
      { details: { path: "options.metrics" } },
    );
  }

  /** Publishes to the subscribers of this node and, where there may be any, to others. */
  async publish(
    topic: string,
    value: unknown,
    options: PublishOptions = {},
    parent?: CallParent,
  ): Promise<void> {
    checkPublished(topic);
    checkOptions(options, PUBLISH_OPTIONS);
    const retainMs = checkMilliseconds(options.retainMs, "options.retainMs");
    const refusal = refusalOf(this.state, topic, undefined, parent);
    if (refusal !== undefined) throw refusal;
    const local = this.checked(plain(value), "value");
    const call: Call = { path: topic, timeoutMs: this.requestTimeoutMs, parent };
    if (this.direct) this.events.deliver(call, local, retainMs);
    if (this.direct && !this.hasOtherListeners) return;
    await this.#nativeCalls.publish(value, call, retainMs ?? 0);
    if (!this.direct) this.events.deliver(call, local, retainMs);
  }

  /** Checks a value that stays in this isolate as if it had to leave, if the node checks values. */
  checked(value: unknown, root: string): unknown {
    if (this.checkValues !== "off") {
      checkValue(value, root, { freeze: this.checkValues === "freeze" });
    }
    return value;
  }

  /** Waits for one event. */
  async once(topic: string, options: CallOptions): Promise<unknown> {
    const timeoutMs = this.timeoutOf(topic, options);
    const { signal } = options;
    if (signal?.aborted) throw signal.reason;
    let deliver: (event: unknown) => void = () => undefined;
    const subscription = this.events.subscribe(topic, (event) => deliver(event));
    const pending = new PendingCall(this, { path: topic, timeoutMs, signal });
    deliver = (event) => pending.resolve(event);
    try {
      return await pending.outcome();
    } finally {
      subscription.unsubscribe();
    }
  }

  runBeside(work: Abortable, done: Promise<unknown>, failed: (error: unknown) => void): void {
    this.running.add(work);
    const ended = () => {
      this.running.delete(work);
      this.workEnded();
    };
    done.catch(failed).then(ended);
  }

  run<T>(context: { readonly logger: Logger }, body: () => T): T {
    return this.asyncContext ? runInCall(context, body) : body();
  }

  flushLogs(deadlineMs: number): Promise<void> {
    return this.isolate.waitAtMost(deadlineMs, (done) => this.pipeline.whenFlushed(done));
  }

  /** Calls an action, by the lane that fits. `parent` is the handler on whose behalf. */
  request(
    path: string,
    payload: unknown,
    options?: RequestOptions,
    parent?: CallParent,
    positional = false,
  ): Promise<unknown> {
    const answer = this.#request(path, payload, options, parent, positional);
    if (options?.as !== "arc") return answer;
    return answer.then((value) => {
      // A stream cannot be one, and has no other reader.
      if (value instanceof StreamReader) void value.return();
      return value instanceof Handle ? new ArcValue(value) : makeArcValue(value, null, "result");
    });
  }

  #request(
    path: string,
    payload: unknown,
    options: RequestOptions | undefined,
    parent: CallParent | undefined,
    positional: boolean,
  ): Promise<unknown> {
    try {
      let action = this.#actions.get(path);
      let match: Match | undefined;
      if (action === undefined) {
        checkPath(path);
        const { router } = this;
        if (router.templates.size > 0) [action, match] = router.matchTemplate(path);
        if (action === undefined) checkCallable(path);
      }
      const refusal = refusalOf(this.state, path, action?.service, parent);
      if (refusal !== undefined) return Promise.reject(refusal);
      let timeoutMs = action?.timeoutMs ?? this.requestTimeoutMs;
      if (options !== undefined || parent !== undefined) {
        if (parent?.aborted) return Promise.reject(parent.signal.reason);
        timeoutMs = timeoutFor(path, timeoutMs, options, parent);
        if (options?.signal?.aborted) return Promise.reject(options.signal.reason);
      }
      const call: Call = {
        path,
        action,
        match,
        timeoutMs,
        positional,
        signal: options?.signal,
        parent,
        requestId: options?.requestId,
        traceparent: options?.traceparent,
      };
      if (action === undefined) return this.#callOthers(payload, call, options?.as === "arc");
      const local = plain(payload);
      return this.direct
        ? this.#callDirect(action, this.checked(local, "payload"), call)
        : this.#nativeCalls.request(local, call);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** @throws LifecycleError when the node does not run. */
  checkRunning(what: string): void {
    const refusal = refusalOf(this.state, what);
    if (refusal !== undefined) throw refusal;
  }

  timeoutOf(path: string, options: CallOptions): number {
    return timeoutFor(path, this.requestTimeoutMs, options);
  }

  #callDirect(action: Action, payload: unknown, call: Call): Promise<unknown> {
    const context = new CallContext(this, action, call);
    const result =
      this.observer === undefined
        ? this.limiter.run(action, payload, context)
        : this.#runObserved(this.observer, action, payload, context, call);
    if (!isPromiseLike(result)) return Promise.resolve(this.#result(result, call, context));
    return this.#followDirect(result, context, call);
  }

  /** The result of a direct call, which the caller gets as it is. */
  #result(result: unknown, call: Call, context: CallContext): unknown {
    if (isAsyncIterable(result)) return this.streams.open(result, call, context);
    return this.checked(plain(result), "result");
  }

  /** A method of its own: its closure would cost every call, observed or not. */
  #runObserved(
    observer: Observer,
    action: Action,
    payload: unknown,
    context: CallContext,
    call: Call,
  ): unknown {
    const run = () => this.limiter.run(action, payload, context);
    return observer.serve(action, "local", call, context, run);
  }

  #followDirect(result: PromiseLike<unknown>, context: CallContext, call: Call): Promise<unknown> {
    const pending = new PendingCall(this, call, context);
    const resolve = (value: unknown) => {
      try {
        pending.resolve(this.#result(value, call, context));
      } catch (error) {
        pending.reject(error);
      }
    };
    result.then(resolve, (error) => pending.reject(error));
    return pending.outcome();
  }

  /** Calls a path that no action in TypeScript of this node has: of Rust, or of a peer. */
  #callOthers(payload: unknown, call: Call, held: boolean): Promise<unknown> {
    const send = () => this.#nativeCalls.request(payload, call, held);
    return this.observer === undefined ? send() : this.observer.make(call, send);
  }

  requestOf(peer: string, path: string, payload: unknown, call: Call): Promise<unknown> {
    return this.#nativeCalls.requestOf(peer, path, payload, call);
  }

  invoke(
    action: number,
    topic: string,
    payload: unknown,
    caller: CallPort | RemoteCaller | undefined,
    reply: ReplyPort,
  ): void {
    this.#invocations.invoke(action, topic, payload, caller, reply);
  }

  deliverEvent(channel: number, topic: string, value: unknown): void {
    this.events.deliverFromRust(channel, topic, value);
  }

  peerChanged(change: unknown): void {
    this.peers.change(change as PeerChange);
  }

  callEnded(call: Abandonable): void {
    this.waiting.delete(call);
    this.workEnded();
  }

  get idle(): boolean {
    return this.running.size === 0 && this.waiting.size === 0;
  }

  workEnded(): void {
    if (this.onIdle !== undefined && this.idle) this.onIdle();
  }
}
