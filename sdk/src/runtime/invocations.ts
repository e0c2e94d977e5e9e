/** The invocations of a node's actions by Rust: for its own calls, peers, and services in Rust. */

import type { Authorize, Caller } from "../api/caller.js";
import type { NodeState } from "../api/node-options.js";
import type { CallPort, ReplyPort } from "../bridge/ports.js";
import { RemoteCaller } from "../bridge/remote-caller.js";
import { createError, describeThrown, type RunarError } from "../errors/errors.js";
import { ReservedAction } from "../generated/protocol.js";
import { matchTemplate } from "../paths/templates.js";
import { isAsyncIterable } from "../platform/async-iterable.js";
import { now } from "../platform/clock.js";
import { isPromiseLike } from "../platform/promise-like.js";
import { refusalOf } from "./admission.js";
import type { Call } from "./call.js";
import { CallContext } from "./call-context.js";
import type { ConcurrencyLimiter } from "./limiter.js";
import type { Observer } from "./observer.js";
import { PendingCall } from "./pending-call.js";
import type { ContextPort, WaitPort } from "./ports.js";
import type { Router } from "./router.js";
import type { Action } from "./service.js";
import type { Streams } from "./streams.js";

/** What invocations need. */
export interface InvocationsPort extends WaitPort, ContextPort {
  readonly state: NodeState;
  readonly router: Router;
  readonly limiter: ConcurrencyLimiter;
  readonly observer: Observer | undefined;
  readonly streams: Streams;
  readonly requestTimeoutMs: number;
  readonly authorize: Authorize | undefined;
  readonly authenticators: ReadonlyMap<string, (request: unknown) => Promise<boolean>>;
}

export class Invocations {
  readonly #host: InvocationsPort;

  constructor(host: InvocationsPort) {
    this.#host = host;
  }

  /** Runs the handler that Rust asks for. */
  invoke(
    number: number,
    topic: string,
    payload: unknown,
    from: CallPort | RemoteCaller | undefined,
    reply: ReplyPort,
  ): void {
    const host = this.#host;
    const remote = from instanceof RemoteCaller ? from : undefined;
    if (
      remote !== undefined &&
      (number === ReservedAction.authorize || number === ReservedAction.readStream)
    ) {
      const done =
        number === ReservedAction.authorize
          ? this.#authorized(undefined, remote.peer, topic)
          : host.streams.serve(remote.peer, payload, reply.defer);
      done.then(reply.succeed, reply.fail);
      return;
    }
    if (from === undefined && number === ReservedAction.authenticate) {
      this.#authenticated(topic, payload).then(reply.succeed, reply.fail);
      return;
    }
    const caller = from instanceof PendingCall ? from : undefined;
    const own = caller?.call.path === topic ? caller : undefined;
    // For a caller of this isolate the route was chosen, and admitted, when the call was made.
    const action = own?.call.action ?? host.router.byNumber(number);
    if (action === undefined) {
      reply.refuse(createError("ERR_RUNAR_NOT_FOUND", `${topic}: the service has been removed`));
      return;
    }
    // A call that comes through Rust for a call of this isolate is a part of running work.
    const refusal =
      own === undefined
        ? refusalOf(host.state, topic, action.service, caller?.context ?? caller)
        : undefined;
    if (refusal !== undefined) {
      reply.refuse(refusal);
      return;
    }
    const call = own?.call ?? this.#incomingCall(topic, action, caller, remote);
    const context = new CallContext(host, action, call);
    own?.connect(context);
    const run = () =>
      remote !== undefined && this.#needsAuthorization(action)
        ? this.#authorized(action, remote.peer, topic).then(() => {
            // The caller may have given up meanwhile.
            if (context.aborted) throw context.signal.reason;
            return host.limiter.run(action, payload, context);
          })
        : host.limiter.run(action, payload, context);
    try {
      const kind = remote === undefined ? (own === undefined ? "rust" : "local") : "peer";
      const result =
        host.observer === undefined ? run() : host.observer.serve(action, kind, call, context, run);
      const succeed = (value: unknown) =>
        isAsyncIterable(value)
          ? host.streams.offer(value, call, context, remote?.peer, reply)
          : reply.succeed(value);
      if (!isPromiseLike(result)) {
        succeed(result);
        return;
      }
      reply.defer(context);
      const settled = own === undefined ? this.#followed(result, context, call) : result;
      settled.then(succeed).then(undefined, reply.fail);
    } catch (error) {
      reply.fail(error as RunarError);
    }
  }

  #incomingCall(
    topic: string,
    action: Action,
    caller: PendingCall | undefined,
    remote: RemoteCaller | undefined,
  ): Call {
    return {
      ...remote?.metadata,
      path: topic,
      action,
      match: action.isTemplate ? matchTemplate(action.path, topic) : undefined,
      timeoutMs: Math.min(
        action.timeoutMs ?? this.#host.requestTimeoutMs,
        remote?.metadata.timeoutMs ??
          Math.max(1, Math.ceil((caller?.deadline ?? Infinity) - now())),
      ),
      cause: caller?.call,
      peer: remote?.peer,
    };
  }

  /** The result of a handler without a call of this isolate, which gives it its deadline. */
  #followed(result: PromiseLike<unknown>, context: CallContext, call: Call): Promise<unknown> {
    const pending = new PendingCall(this.#host, call, context);
    const resolve = (value: unknown) => {
      if (context.aborted && isAsyncIterable(value)) {
        // The caller has given up, so that the stream has no reader.
        const { reason } = context.signal;
        this.#host.streams.refuse(value, call, context, reason);
        pending.reject(reason);
      } else pending.resolve(value);
    };
    result.then(resolve, (error) => pending.reject(error));
    return pending.promise;
  }

  /** Whether the `authenticate` of a gateway accepts a request. */
  async #authenticated(gateway: string, request: unknown): Promise<boolean> {
    try {
      return (await this.#host.authenticators.get(gateway)?.(request)) === true;
    } catch (cause) {
      const text = `${gateway}: authenticate failed: ${describeThrown(cause)}`;
      throw createError("ERR_RUNAR_NOT_AUTHORIZED", text, { cause });
    }
  }

  #needsAuthorization(action: Action): boolean {
    return this.#host.authorize !== undefined || action.service.authorize !== undefined;
  }

  /** Rejects unless a peer may call a path, by the `authorize` of the node and of the service. */
  async #authorized(action: Action | undefined, peer: Caller, path: string): Promise<void> {
    const options: { details: object; cause?: unknown } = { details: { path, peer: peer.id } };
    const checks: (Authorize | undefined)[] = [this.#host.authorize, action?.service.authorize];
    try {
      let allowed = true;
      for (const authorize of checks) {
        if (authorize !== undefined && allowed) allowed = (await authorize(peer, path)) === true;
      }
      if (allowed) return;
    } catch (thrown) {
      options.cause = thrown;
    }
    const text = `${path}: the peer ${peer.id} may not call it`;
    throw createError("ERR_RUNAR_NOT_AUTHORIZED", text, options);
  }
}
