/** The peers of a node: those that are connected, and the waits for others. */

import {
  BoundedIterator,
  checkIterateOptions,
  type IterateOptions,
} from "../api/bounded-iterator.js";
import type { CallOptions } from "../api/call-options.js";
import type { Peer, PeerAddress, PeerChange } from "../api/peers.js";
import { callNative, native } from "../native/binding.js";
import { checkObject, refuse, refuseType } from "../validation/validator.js";
import { runningHook, waitsForItself } from "./hooks.js";
import { PendingCall } from "./pending-call.js";
import type { PeersPort } from "./ports.js";

/** How long this side waits beyond the timeout that Rust keeps to. */
const CONNECT_GRACE_MS = 500;

export class Peers {
  #host: PeersPort;
  #known = new Map<string, Peer>();
  #listeners = new Set<(change: PeerChange) => void>();
  /** Ends the loops over changes that are open; they do not outlive a stop. */
  #iterators = new Set<() => void>();
  #offered: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  /** Where this node listens, while it runs. */
  addresses: readonly string[] = [];

  constructor(host: PeersPort) {
    this.#host = host;
  }

  list(): Peer[] {
    return [...this.#known.values()];
  }

  /** The actions that peers offer, in full, by the paths of their services. */
  get offered(): ReadonlyMap<string, ReadonlySet<string>> {
    if (this.#offered !== undefined) return this.#offered;
    const offered = new Map<string, Set<string>>();
    for (const { services } of this.#known.values()) {
      for (const { path, actions } of services) {
        const known = offered.get(path) ?? new Set();
        for (const action of actions) known.add(`${path}/${action}`);
        offered.set(path, known);
      }
    }
    this.#offered = offered;
    return offered;
  }

  /** Takes a change that Rust reports. */
  change(change: PeerChange): void {
    const { state } = this.#host;
    // A late change of a run that is over.
    if (state === "stopped" || state === "created") return;
    const { id } = change.peer;
    if (change.change !== "disconnected") this.#known.set(id, change.peer);
    else if (this.#known.delete(id)) this.#host.streams.closeOf(id);
    else return;
    this.#notify(change);
  }

  #notify(change: PeerChange): void {
    this.#offered = undefined;
    for (const listener of [...this.#listeners]) listener(change);
  }

  /** Disconnects all peers: the node has stopped. */
  clear(): void {
    this.addresses = [];
    for (const peer of this.list()) {
      this.#known.delete(peer.id);
      this.#notify({ change: "disconnected", peer: { ...peer, connected: false } });
    }
    for (const end of this.#iterators) end();
  }

  changes(options: IterateOptions): BoundedIterator<PeerChange> {
    checkIterateOptions(options);
    return new BoundedIterator(options, (push, end) => {
      this.#listeners.add(push);
      this.#iterators.add(end);
      return () => {
        this.#listeners.delete(push);
        this.#iterators.delete(end);
      };
    });
  }

  /** Waits for a condition that only a change of a peer or of a service can bring about. */
  async wait<T>(
    find: () => T | undefined,
    what: { readonly path: string; readonly missing: string },
    options: CallOptions,
  ): Promise<T> {
    const host = this.#host;
    const timeoutMs = host.timeoutOf(what.path, options);
    const { signal } = options;
    if (signal?.aborted) throw signal.reason;
    const found = find();
    if (found !== undefined) return found;
    const pending = new PendingCall(host, { ...what, timeoutMs, signal });
    const check = () => {
      const late = find();
      if (late !== undefined) pending.resolve(late);
    };
    this.#listeners.add(check);
    host.serviceListeners.add(check);
    try {
      return (await pending.outcome()) as T;
    } finally {
      this.#listeners.delete(check);
      host.serviceListeners.delete(check);
    }
  }

  disconnect(id: string): void {
    const { handle } = this.#host;
    callNative(() => native.nodeDisconnect(handle, id));
  }

  async waitForPeer(id: string | undefined, options: CallOptions): Promise<Peer> {
    const find = () => (id === undefined ? this.list()[0] : this.#known.get(id));
    const path = id === undefined ? "any peer" : `the peer ${id}`;
    return this.wait(find, { path, missing: "not connected" }, options);
  }

  async waitForService(path: string, options: CallOptions): Promise<void> {
    const offered = () =>
      this.#host.services.get(path)?.running === true ||
      this.list().some((peer) => peer.services.some((service) => service.path === path));
    const find = () => (offered() ? true : undefined);
    this.#refuseToWait(path, find);
    await this.wait(find, { path: `the service ${path}`, missing: "offered by nobody" }, options);
  }

  /** A hook cannot wait for a service of its node that starts after it. */
  #refuseToWait(path: string, find: () => true | undefined): void {
    const { services, state } = this.#host;
    const [hook, service] = [runningHook(this.#host), services.get(path)];
    if (hook === undefined || service === undefined || find()) return;
    if (service !== hook.service && state !== "starting") return;
    throw waitsForItself(hook, `the service ${path}`);
  }

  async connect(peer: PeerAddress, options: CallOptions): Promise<Peer> {
    const host = this.#host;
    checkPeer(peer);
    host.checkRunning("connect");
    const timeoutMs = host.timeoutOf("connect", options);
    const { signal } = options;
    if (signal?.aborted) throw signal.reason;
    const { isolate, handle } = host;
    const number = isolate.nextCall();
    callNative(() =>
      native.nodeConnect(handle, number, peer.publicKey, [...peer.addresses], timeoutMs),
    );
    // Rust ends the attempt in time, with the reason; this timeout is the backstop.
    const call = { path: "connect", timeoutMs: timeoutMs + CONNECT_GRACE_MS, signal };
    const pending = new PendingCall(host, call, undefined, () => isolate.cancel(number));
    isolate.calls.set(number, pending);
    const id = (await pending.outcome()) as string;
    return this.waitForPeer(id, options);
  }
}

function checkPeer(peer: PeerAddress): void {
  checkObject(peer, "peer");
  const { publicKey, addresses } = peer;
  if (typeof publicKey !== "string") refuseType(publicKey, "a string", "peer.publicKey");
  const isList = Array.isArray(addresses) && addresses.length > 0;
  if (isList && addresses.every((address) => typeof address === "string")) return;
  refuse("peer.addresses", "expected an array of one address at least");
}
