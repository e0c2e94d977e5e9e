/** The other nodes of the network that this one is connected to. */

import { BoundedIterator, type IterateOptions } from "../api/bounded-iterator.js";
import { createError } from "../errors/errors.js";
import { callNative, native } from "../native/binding.js";
import { checkObject, kindOf } from "../validation/options.js";
import type { Host } from "./host.js";
import { type CallOptions, PendingCall } from "./pending-call.js";

/** A service that a peer offers. */
export interface PeerService {
  /** The first part of the paths of its actions. */
  readonly path: string;
  /** Its name for people. */
  readonly name: string;
  /** Its own version. */
  readonly version: string;
  /** What it is for; empty unless its definition says so. */
  readonly description: string;
  /** The names of its actions: `add` of `math/add`. */
  readonly actions: readonly string[];
}

/** Where a peer is found. */
export interface PeerAddress {
  /** Its public key, in hexadecimal: what `Identity.publicKey` gives there. */
  readonly publicKey: string;
  /** Where it listens, such as `192.168.1.7:4433`; tried in turn. */
  readonly addresses: readonly string[];
}

/** Another node of the network, as it was when this was asked for. */
export interface Peer extends PeerAddress {
  /** The node's id, made from its public key. */
  readonly id: string;
  /** What it offers. */
  readonly services: readonly PeerService[];
  /** The topics and patterns that it listens to. */
  readonly subscriptions: readonly string[];
  /** Whether calls reach it; `false` for one that has just been lost. */
  readonly connected: boolean;
  /**
   * Whether it has proven who it is: by a certificate of the network's authority that is valid now.
   * Others are refused, unless `accept_unauthenticated_peers` is set.
   */
  readonly authenticated: boolean;
  /** Whether it runs on this SDK; otherwise it is a program in Rust. */
  readonly sdk: boolean;
}

/** What has become of a peer. */
export interface PeerChange {
  /** `updated` when it offers, or listens to, something else than before. */
  readonly change: "connected" | "updated" | "disconnected";
  /** The peer, as it is after the change. */
  readonly peer: Peer;
}

export class Peers {
  #host: Host;
  #known = new Map<string, Peer>();
  #listeners = new Set<(change: PeerChange) => void>();
  /** Ends the loops over changes that are open; they do not outlive a stop. */
  #iterators = new Set<() => void>();
  #offered: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  /** Where this node listens, while it runs. */
  addresses: readonly string[] = [];

  constructor(host: Host) {
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

  /** Takes in what Rust tells. */
  take(told: PeerChange): void {
    const { state } = this.#host;
    // Late news of a run that is over.
    if (state === "stopped" || state === "created") return;
    const { id } = told.peer;
    if (told.change !== "disconnected") this.#known.set(id, told.peer);
    else if (this.#known.delete(id)) this.#host.streams.closeOf(id);
    else return;
    this.#tell(told);
  }

  #tell(change: PeerChange): void {
    this.#offered = undefined;
    for (const listener of [...this.#listeners]) listener(change);
  }

  /** The node has stopped: nobody is connected any more. */
  clear(): void {
    this.addresses = [];
    for (const peer of this.list()) {
      this.#known.delete(peer.id);
      this.#tell({ change: "disconnected", peer: { ...peer, connected: false } });
    }
    for (const end of this.#iterators) end();
  }

  changes(options: IterateOptions): BoundedIterator<PeerChange> {
    return new BoundedIterator(options, (push, end) => {
      this.#listeners.add(push);
      this.#iterators.add(end);
      return () => {
        this.#listeners.delete(push);
        this.#iterators.delete(end);
      };
    });
  }

  /** Waits until something is so, which it can become only by a change of a peer. */
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
    const look = () => {
      const late = find();
      if (late !== undefined) pending.resolve(late);
    };
    this.#listeners.add(look);
    host.serviceListeners.add(look);
    try {
      return (await pending.outcome()) as T;
    } finally {
      this.#listeners.delete(look);
      host.serviceListeners.delete(look);
    }
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
    await this.wait(find, { path: `the service ${path}`, missing: "offered by nobody" }, options);
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
    // Rust keeps to the time, and knows what it has tried.
    const call = { path: "connect", timeoutMs: timeoutMs + GRACE_MS, signal };
    const pending = new PendingCall(host, call, undefined, () => isolate.cancel(number));
    isolate.calls.set(number, pending);
    const id = (await pending.outcome()) as string;
    return this.waitForPeer(id, options);
  }
}

const GRACE_MS = 500;

function checkPeer(peer: PeerAddress): void {
  const code = "ERR_RUNAR_INVALID_ARGUMENT";
  checkObject(peer, "peer", code);
  const { publicKey, addresses } = peer;
  if (typeof publicKey !== "string") {
    throw createError(code, `peer.publicKey: expected a string, got ${kindOf(publicKey)}`, {
      details: { path: "peer.publicKey" },
    });
  }
  const isList = Array.isArray(addresses) && addresses.length > 0;
  if (isList && addresses.every((address) => typeof address === "string")) return;
  throw createError(code, "peer.addresses: expected an array of one address at least", {
    details: { path: "peer.addresses" },
  });
}
