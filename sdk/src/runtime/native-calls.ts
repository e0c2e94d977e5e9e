/** Calls and events of a node that go through Rust. */

import { AsyncResource } from "node:async_hooks";
import type { PathRequest } from "../bridge/outbox.js";
import { MAX_UINT32 } from "../values/buffers.js";
import { type Call, metadataOf } from "./call.js";
import { PendingCall } from "./pending-call.js";
import type { NativeCallsPort } from "./ports.js";

const REGISTRY_TRANSITION = /^\$registry\/services\/([^/]+)\/(pause|resume)$/;

export class NativeCalls {
  readonly #host: NativeCallsPort;

  constructor(host: NativeCallsPort) {
    this.#host = host;
  }

  /** Calls an action of this node, or a path of Rust or of any peer. */
  request(payload: unknown, call: Call, held = false): Promise<unknown> {
    const { isolate, handle } = this.#host;
    const { path, action } = call;
    const number = isolate.nextCall();
    if (action !== undefined) isolate.outbox.requestAction(number, handle, path, payload);
    else isolate.outbox.requestPath(number, handle, this.#pathRequest(call, held), payload);
    const pending = this.#wait(number, call);
    pending.scope = new AsyncResource("RunarCall");
    return path.startsWith("$registry/")
      ? this.#followTransition(path, pending)
      : pending.outcome();
  }

  /** Calls a path of one peer. `call` is the call that this one is a part of. */
  requestOf(peer: string, path: string, payload: unknown, call: Call): Promise<unknown> {
    const { isolate, handle } = this.#host;
    const number = isolate.nextCall();
    const request = { ...this.#pathRequest(call, false), path, peer };
    isolate.outbox.requestPath(number, handle, request, payload);
    return this.#wait(number, call).outcome();
  }

  /** Publishes an event to Rust services, peers and, in the native lane, to this node. */
  async publish(value: unknown, call: Call, retainMs: number): Promise<void> {
    const { isolate, handle } = this.#host;
    const number = isolate.nextCall();
    isolate.outbox.publish(number, handle, call.path, value, Math.min(retainMs, MAX_UINT32));
    await this.#wait(number, call).outcome();
  }

  #wait(number: number, call: Call): PendingCall {
    const { isolate } = this.#host;
    const pending = new PendingCall(this.#host, call, undefined, () => isolate.cancel(number));
    isolate.calls.set(number, pending);
    return pending;
  }

  #pathRequest(call: Call, held: boolean): PathRequest {
    return { path: call.path, peer: "", held, metadata: metadataOf(call, this.#host.networked) };
  }

  /** A service that is paused through the registry refuses calls in every lane. */
  async #followTransition(path: string, call: PendingCall): Promise<unknown> {
    const outcome = await call.outcome();
    const [, servicePath = "", transition] = REGISTRY_TRANSITION.exec(path) ?? [];
    const service = this.#host.services.get(servicePath);
    if (service !== undefined) service.paused = transition === "pause";
    return outcome;
  }
}
