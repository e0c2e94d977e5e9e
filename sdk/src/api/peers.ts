/** Peers, as users see them. */

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
