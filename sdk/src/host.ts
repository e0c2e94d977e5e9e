/** What a node hosts, and the lanes by which calls reach it. */

import { AsyncResource } from "node:async_hooks";
import {
  type Call,
  type CallOptions,
  checkRequestOptions,
  PendingCall,
  type RequestOptions,
  requestIdOf,
  traceparentOf,
} from "./call.js";
import { now } from "./clock.js";
import { CallContext } from "./context.js";
import { createError, describeThrown, type RunarError } from "./errors.js";
import { checkPublished, Events, type PublishOptions } from "./events.js";
import type { Isolate, PathRequest } from "./isolate.js";
import { runInCall } from "./logging/current.js";
import type { NodeLogs } from "./logging/logger.js";
import type { Node } from "./node.js";
import type { Observer } from "./observing/observer.js";
import { checkKeys, checkMilliseconds, checkObject } from "./options.js";
import { Peers } from "./peers.js";
import { isPromiseLike } from "./promise-like.js";
import { type Authorize, type Caller, RemoteCaller } from "./remote.js";
import type { Action, Service } from "./service.js";
import { isStream, Streams } from "./streams.js";
import { type Match, matchTemplate, pathProblem } from "./templates.js";
import { Turns } from "./turns.js";
import { ArcValue, makeArcValue } from "./values/arc-value.js";
import { checkValue } from "./values/check.js";
import { plain } from "./values/rust-value.js";
import { MAX_UINT32 } from "./wire.js";

/** Where a node is in its life. */
export type NodeState = "created" | "starting" | "running" | "draining" | "stopped";

/** What happens to values in the direct lane, which are passed on as they are. */
export type CheckValues = "off" | "check" | "freeze";

/** Where the answer to an invocation from Rust goes. */
export interface Answer {
  succeed(value: unknown): void;
  fail(error: RunarError): void;
  /** The same, when no handler has run: a peer may ask another node. */
  refuse(error: RunarError): void;
  /** The answer will come later; until then the caller may give up. */
  later(running: { abort(reason: unknown): void }): void;
}

function checkCallable(path: string): void {
  const problem = pathProblem(path);
  if (problem === undefined) return;
  throw createError(
    "ERR_RUNAR_INVALID_ARGUMENT",
    `path ${JSON.stringify(path.slice(0, 80))}: ${problem}`,
    { details: { path } },
  );
}

/** The number by which Rust asks whether a peer may call a path, and nothing else. */
const AUTHORIZE = MAX_UINT32;
/** The number by which a peer reads a stream. */
const READ_STREAM = MAX_UINT32 - 1;
/** The number by which Rust asks whether a gateway may answer a request. */
const AUTHENTICATE = MAX_UINT32 - 2;
const PUBLISH_OPTIONS = ["retainMs"];
const REGISTRY_TRANSITION = /^\$registry\/services\/([^/]+)\/(pause|resume)$/;

export class Host {
  state: NodeState = "created";
  readonly services = new Map<string, Service>();
  /** The actions by their paths. */
  readonly actions = new Map<string, Action>();
  /** Those whose paths have variable parts. */
  readonly templates = new Set<Action>();
  /** The actions by the numbers that Rust knows them by. */
  readonly #actionsByNumber = new Map<number, Action>();
  /** Calls that somebody waits for. */
  readonly waiting = new Set<PendingCall>();
  readonly #turns = new Turns(this);
  /** Handlers that have returned a promise which has not settled. */
  readonly running = this.#turns.running;
  /** Told when the last of both has ended. */
  onIdle: (() => void) | undefined;
  readonly events = new Events(this);
  readonly peers = new Peers(this);
  readonly streams = new Streams(this);
  /** Sees the calls, when somebody wants to know of them. */
  observer: Observer | undefined;
  /** Told when a service of this node has started. */
  readonly serviceListeners = new Set<() => void>();
  /** Decide whether gateways may answer requests, by the paths of the gateways. */
  readonly authenticators = new Map<string, (request: unknown) => Promise<boolean>>();
  /** Ends the loops over log records that are open. */
  readonly logIterators = new Set<() => void>();
  /** Whether somebody outside of this isolate may listen: a peer, or a Rust service. */
  hasOtherListeners: boolean;

  constructor(
    readonly isolate: Isolate,
    readonly handle: number,
    readonly node: Node,
    readonly logs: NodeLogs,
    readonly direct: boolean,
    readonly networked: boolean,
    readonly requestTimeoutMs: number,
    readonly checkValues: CheckValues,
    readonly asyncContext: boolean,
    readonly authorize: Authorize | undefined,
  ) {
    this.hasOtherListeners = networked;
  }

  /** Takes in a service whose actions Rust knows by numbers from `first` on. */
  addActions(service: Service, first: number): void {
    this.services.set(service.path, service);
    for (const [index, action] of service.actions.entries()) {
      action.number = first + index;
      this.#actionsByNumber.set(action.number, action);
      if (action.isTemplate) this.templates.add(action);
      else this.actions.set(action.path, action);
    }
  }

  removeActions(service: Service): void {
    this.services.delete(service.path);
    for (const action of service.actions) {
      this.#actionsByNumber.delete(action.number);
      this.actions.delete(action.path);
      this.templates.delete(action);
    }
  }

  /** Publishes to the subscribers of this node and, where there may be any, to others. */
  async publish(
    topic: string,
    value: unknown,
    options: PublishOptions = {},
    parent?: CallContext,
  ): Promise<void> {
    checkPublished(topic);
    checkObject(options, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    checkKeys(options, PUBLISH_OPTIONS, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    const retainMs = checkMilliseconds(options.retainMs, "options.retainMs");
    const refusal = this.#refusal(topic, undefined, parent);
    if (refusal !== undefined) throw refusal;
    const local = this.checked(plain(value), "value");
    if (this.direct) this.events.deliver(topic, local, retainMs);
    if (this.direct && !this.hasOtherListeners) return;
    const { isolate } = this;
    const number = isolate.nextCall();
    isolate.publish(number, this.handle, topic, value, Math.min(retainMs ?? 0, MAX_UINT32));
    const call: Call = { path: topic, timeoutMs: this.requestTimeoutMs, parent };
    const pending = new PendingCall(this, call, undefined, () => isolate.cancel(number));
    isolate.calls.set(number, pending);
    await pending.outcome();
    if (!this.direct) this.events.deliver(topic, local, retainMs);
  }

  /** What stays in this isolate, checked in development as if it had to leave. */
  checked(value: unknown, root: string): unknown {
    if (this.checkValues !== "off") {
      checkValue(value, root, { freeze: this.checkValues === "freeze" });
    }
    return value;
  }

  /** Waits for one event. */
  async once(topic: string, options: CallOptions): Promise<unknown> {
    const timeoutMs = this.#timeout(topic, this.requestTimeoutMs, options);
    const { signal } = options;
    if (signal?.aborted) throw signal.reason;
    let heard: (event: unknown) => void = () => undefined;
    const subscription = this.events.subscribe(topic, (event) => heard(event));
    const pending = new PendingCall(this, { path: topic, timeoutMs, signal });
    heard = (event) => pending.resolve(event);
    try {
      return await pending.outcome();
    } finally {
      subscription.unsubscribe();
    }
  }

  /** Lets something run beside any call: a stop waits for it, within limits. */
  runBeside(context: CallContext, work: Promise<unknown>, failed: (error: unknown) => void): void {
    this.running.add(context);
    const ended = () => {
      this.running.delete(context);
      this.tellIdle();
    };
    work.catch(failed).then(ended);
  }

  /** Runs a hook or a subscriber, so that `currentLogger` finds its logger. */
  run<T>(context: CallContext, body: () => T): T {
    return this.asyncContext ? runInCall(context, body) : body();
  }

  /** Waits until the sink has what is pending now, at most so long. */
  flushLogs(deadlineMs: number): Promise<void> {
    return this.isolate.waitAtMost(deadlineMs, (told) => this.logs.outlet.whenFlushed(told));
  }

  /** Calls an action, by the lane that fits. `parent` is the handler on whose behalf. */
  request(
    path: string,
    payload: unknown,
    options?: RequestOptions,
    parent?: CallContext,
    positional = false,
  ): Promise<unknown> {
    const answer = this.#request(path, payload, options, parent, positional);
    if (options?.as !== "arc") return answer;
    return answer.then((value) =>
      value instanceof ArcValue ? value : makeArcValue(value, null, "result"),
    );
  }

  #request(
    path: string,
    payload: unknown,
    options: RequestOptions | undefined,
    parent: CallContext | undefined,
    positional: boolean,
  ): Promise<unknown> {
    try {
      let action = this.actions.get(path);
      let match: Match | undefined;
      if (action === undefined) {
        if (this.templates.size > 0) [action, match] = this.#find(path);
        if (action === undefined) checkCallable(path);
      }
      const refusal = this.#refusal(path, action?.service, parent);
      if (refusal !== undefined) return Promise.reject(refusal);
      let timeoutMs = action?.timeoutMs ?? this.requestTimeoutMs;
      if (options !== undefined || parent !== undefined) {
        if (parent?.aborted) return Promise.reject(parent.signal.reason);
        timeoutMs = this.#timeout(path, timeoutMs, options, parent);
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
        : this.#callNative(local, call);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The template that a path fits: the first that was added. */
  #find(path: string): [Action, Match] | [undefined, undefined] {
    for (const action of this.templates) {
      const match = matchTemplate(action.path, path);
      if (match !== undefined) return [action, match];
    }
    return [undefined, undefined];
  }

  /** @throws LifecycleError when the node does not run. */
  checkRunning(what: string): void {
    const refusal = this.#refusal(what);
    if (refusal !== undefined) throw refusal;
  }

  /** How long something may take that is no call of an action. */
  timeoutOf(path: string, options: CallOptions): number {
    return this.#timeout(path, this.requestTimeoutMs, options);
  }

  #timeout(
    path: string,
    byDefault: number,
    options: RequestOptions | undefined,
    parent?: CallContext,
  ): number {
    let timeoutMs = byDefault;
    if (options !== undefined) {
      checkRequestOptions(options);
      timeoutMs = options.timeoutMs ?? timeoutMs;
    }
    if (parent === undefined) return timeoutMs;
    const left = Math.ceil(parent.remainingMs());
    if (left <= 0) {
      throw createError("ERR_RUNAR_TIMEOUT", `${path}: the caller has no time left`, {
        details: { path, timeoutMs: 0 },
      });
    }
    return Math.min(timeoutMs, left);
  }

  /** Why a call cannot be taken now; `undefined` when it can. */
  #refusal(path: string, service?: Service, parent?: object): RunarError | undefined {
    const { state } = this;
    if (state === "running" && (service === undefined || service.running)) return undefined;
    if (state === "stopped" || (state === "draining" && parent === undefined)) {
      return createError("ERR_RUNAR_STOPPED", `${path}: the node is ${state}`, {
        details: { path },
      });
    }
    if (service?.running) return undefined;
    if (service !== undefined && state !== "created") {
      const what = service.paused ? "is paused" : "is not running";
      return createError("ERR_RUNAR_SERVICE_NOT_RUNNING", `${path}: the service ${what}`, {
        details: { path, service: service.path },
      });
    }
    if (state === "draining" || (state === "starting" && parent !== undefined)) return undefined;
    return createError("ERR_RUNAR_NOT_STARTED", `${path}: the node has not been started`, {
      details: { path },
    });
  }

  #callDirect(action: Action, payload: unknown, call: Call): Promise<unknown> {
    const context = new CallContext(this, action, call);
    const result =
      this.observer === undefined
        ? this.#turns.run(action, payload, context)
        : this.#runObserved(this.observer, action, payload, context, call);
    if (!isPromiseLike(result)) return Promise.resolve(this.#result(result, call, context));
    return this.#follow(result, context, call, true).outcome();
  }

  /** What a caller of this isolate gets, which it gets as it is. */
  #result(result: unknown, call: Call, context: CallContext): unknown {
    if (isStream(result)) return this.streams.open(result, call, context);
    return this.checked(plain(result), "result");
  }

  /** Apart from where it is used, which would make room for the function's variables on every call. */
  #runObserved(
    observer: Observer,
    action: Action,
    payload: unknown,
    context: CallContext,
    call: Call,
  ): unknown {
    const run = () => this.#turns.run(action, payload, context);
    return observer.serve(action, "local", call, context, run);
  }

  #follow(
    result: PromiseLike<unknown>,
    context: CallContext,
    call: Call,
    staysHere: boolean,
  ): PendingCall {
    const pending = new PendingCall(this, call, context);
    const resolve = (value: unknown) => {
      if (!staysHere) return pending.resolve(value);
      try {
        pending.resolve(this.#result(value, call, context));
      } catch (error) {
        pending.reject(error);
      }
    };
    result.then(resolve, (error) => pending.reject(error));
    return pending;
  }

  /** Calls what no action in TypeScript of this node answers: Rust, or a peer. */
  #callOthers(payload: unknown, call: Call, held: boolean): Promise<unknown> {
    const send = () => this.#callNative(payload, call, held);
    return this.observer === undefined ? send() : this.observer.make(call, send);
  }

  #callNative(payload: unknown, call: Call, held = false): Promise<unknown> {
    const { isolate } = this;
    const { path, action } = call;
    const number = isolate.nextCall();
    if (action !== undefined) isolate.requestAction(number, this.handle, path, payload);
    else isolate.requestPath(number, this.handle, this.#pathRequest(call, held), payload);
    const pending = new PendingCall(this, call, undefined, () => isolate.cancel(number));
    pending.scope = new AsyncResource("RunarCall");
    isolate.calls.set(number, pending);
    return path.startsWith("$registry/")
      ? this.#followTransition(path, pending)
      : pending.outcome();
  }

  /** Calls a path of one certain peer. `call` is what it is a part of. */
  requestOf(peer: string, path: string, payload: unknown, call: Call): Promise<unknown> {
    const { isolate } = this;
    const number = isolate.nextCall();
    const request = { ...this.#pathRequest(call, false), path, peer };
    isolate.requestPath(number, this.handle, request, payload);
    const pending = new PendingCall(this, call, undefined, () => isolate.cancel(number));
    isolate.calls.set(number, pending);
    return pending.outcome();
  }

  #pathRequest(call: Call, held: boolean): PathRequest {
    const { path, timeoutMs, positional = false } = call;
    const request = { path, peer: "", held, positional, timeoutMs, requestId: "", traceparent: "" };
    if (!this.networked) return request;
    return { ...request, requestId: requestIdOf(call), traceparent: traceparentOf(call) ?? "" };
  }

  /** A service that is paused through the registry refuses calls in every lane. */
  async #followTransition(path: string, call: PendingCall): Promise<unknown> {
    const outcome = await call.outcome();
    const [, servicePath = "", transition] = REGISTRY_TRANSITION.exec(path) ?? [];
    const service = this.services.get(servicePath);
    if (service !== undefined) service.paused = transition === "pause";
    return outcome;
  }

  /** Runs a handler that Rust asks for: for a call of this isolate, a peer, or anybody else. */
  invoke(
    number: number,
    topic: string,
    payload: unknown,
    from: PendingCall | RemoteCaller | undefined,
    answer: Answer,
  ): void {
    const remote = from instanceof RemoteCaller ? from : undefined;
    if (remote !== undefined && (number === AUTHORIZE || number === READ_STREAM)) {
      const done =
        number === AUTHORIZE
          ? this.#authorized(undefined, remote.peer, topic)
          : this.streams.serve(remote.peer, payload, answer.later);
      done.then(answer.succeed, answer.fail);
      return;
    }
    if (from === undefined && number === AUTHENTICATE) {
      this.#authenticated(topic, payload).then(answer.succeed, answer.fail);
      return;
    }
    const caller = from instanceof RemoteCaller ? undefined : from;
    const own = caller?.call.path === topic ? caller : undefined;
    // For a caller of this isolate the route was chosen, and let in, when the call was made.
    const action = own?.call.action ?? this.#actionsByNumber.get(number);
    if (action === undefined) {
      answer.refuse(createError("ERR_RUNAR_NOT_FOUND", `${topic}: the service has been removed`));
      return;
    }
    // What comes through Rust on behalf of a call of this isolate is a part of running work.
    const refusal =
      own === undefined
        ? this.#refusal(topic, action.service, caller?.context ?? caller)
        : undefined;
    if (refusal !== undefined) {
      answer.refuse(refusal);
      return;
    }
    const call: Call = own?.call ?? {
      path: topic,
      action,
      match: action.isTemplate ? matchTemplate(action.path, topic) : undefined,
      timeoutMs: Math.min(
        action.timeoutMs ?? this.requestTimeoutMs,
        remote?.timeoutMs ?? Math.max(1, Math.ceil((caller?.deadline ?? Infinity) - now())),
      ),
      positional: remote?.positional ?? false,
      cause: caller?.call,
      peer: remote?.peer,
      requestId: remote?.requestId,
      traceparent: remote?.traceparent,
    };
    const context = new CallContext(this, action, call);
    own?.connect(context);
    const run = () =>
      remote !== undefined && this.#asksFor(action)
        ? this.#authorized(action, remote.peer, topic).then(() =>
            this.#turns.run(action, payload, context),
          )
        : this.#turns.run(action, payload, context);
    try {
      const by = remote === undefined ? (own === undefined ? "rust" : "local") : "peer";
      const result =
        this.observer === undefined ? run() : this.observer.serve(action, by, call, context, run);
      const succeed = (value: unknown) =>
        answer.succeed(
          isStream(value) ? this.streams.offer(value, call, context, remote?.peer) : value,
        );
      if (!isPromiseLike(result)) {
        succeed(result);
        return;
      }
      answer.later(context);
      const settled =
        own === undefined ? this.#follow(result, context, call, false).promise : result;
      settled.then(succeed).then(undefined, answer.fail);
    } catch (error) {
      answer.fail(error as RunarError);
    }
  }

  /** Rejects with a typed error when the function of the gateway's owner has failed. */
  async #authenticated(gateway: string, request: unknown): Promise<boolean> {
    try {
      return (await this.authenticators.get(gateway)?.(request)) === true;
    } catch (cause) {
      const text = `${gateway}: authenticate failed: ${describeThrown(cause)}`;
      throw createError("ERR_RUNAR_NOT_AUTHORIZED", text, { cause });
    }
  }

  #asksFor(action: Action): boolean {
    return this.authorize !== undefined || action.service.authorize !== undefined;
  }

  /** Rejects unless a peer may call a path, by the node's say and by the service's. */
  async #authorized(action: Action | undefined, peer: Caller, path: string): Promise<void> {
    const options: { details: object; cause?: unknown } = { details: { path, peer: peer.id } };
    try {
      let allowed = true;
      for (const authorize of [this.authorize, action?.service.authorize]) {
        if (authorize !== undefined && allowed) allowed = (await authorize(peer, path)) === true;
      }
      if (allowed) return;
    } catch (thrown) {
      options.cause = thrown;
    }
    const text = `${path}: the peer ${peer.id} may not call it`;
    throw createError("ERR_RUNAR_NOT_AUTHORIZED", text, options);
  }

  ended(call: PendingCall): void {
    this.waiting.delete(call);
    this.tellIdle();
  }

  get idle(): boolean {
    return this.running.size === 0 && this.waiting.size === 0;
  }

  /** Something has ended: whoever waits until nothing runs is told when nothing does. */
  tellIdle(): void {
    if (this.onIdle !== undefined && this.idle) this.onIdle();
  }
}
