/** The metrics of a node, as users see them. */

import type { CallCounts } from "./call-counts.js";

/**
 * Who calls an action: `local` is this node itself, `rust` a service in Rust of this node, such as a
 * gateway, `peer` another node.
 */
export type CallerKind = "local" | "rust" | "peer";

/**
 * Who is called: `rust` is a service in Rust of this node, the core's registry included, `peer` another
 * node, and `unknown` the target of a path that neither was known to offer.
 */
export type TargetKind = "rust" | "peer" | "unknown";

/**
 * Calls of an action of this node, by one kind of callers.
 *
 * @example
 * const byPeers = node.metrics().served.filter(({ caller }) => caller === "peer");
 */
export interface ServedCalls extends CallCounts {
  /** The action, as it was defined: `shop/items/{id}`, whatever the id was. */
  readonly path: string;
  /** From where the calls came. */
  readonly caller: CallerKind;
}

/**
 * Calls that this node made to others.
 *
 * @example
 * const waitingForPeers = node.metrics().made.reduce((sum, { inFlight }) => sum + inFlight, 0);
 */
export interface MadeCalls extends CallCounts {
  /**
   * The action, as its node defines it: `shop/items/{id}`, whatever the id was. `_OTHER` for paths
   * that no node was known to offer, and for those after 1,000 different ones.
   */
  readonly path: string;
  /** Where the calls went. */
  readonly target: TargetKind;
}

/**
 * An action of this node, as it is now.
 *
 * @example
 * const full = node.metrics().actions.filter(({ queued, queueLimit }) => queued === queueLimit);
 */
export interface ActionLoad {
  /** The action, as it was defined. */
  readonly path: string;
  /** Calls that its handler is at; one that outlasts its deadline counts until it settles. */
  readonly running: number;
  /** Calls that wait for their turn. */
  readonly queued: number;
  /** How many may run at once. */
  readonly concurrency: number;
  /** How many may wait. */
  readonly queueLimit: number;
}

/**
 * What a node has counted since it was made: `node.metrics()`. Plain data, as JSON has it.
 *
 * @example
 * setInterval(() => console.log(JSON.stringify(node.metrics())), 60_000).unref();
 */
export interface NodeMetrics {
  /** When this was read, in milliseconds since 1970. */
  readonly timeMs: number;
  /** When counting began: when the node was made, in milliseconds since 1970. */
  readonly sinceMs: number;
  /**
   * Calls of this node's actions that are written in TypeScript: a row for each action and each kind of
   * callers that it has had. A service that is removed takes its rows along.
   */
  readonly served: readonly ServedCalls[];
  /** Calls that this node made to services in Rust and to peers. */
  readonly made: readonly MadeCalls[];
  /** The actions of this node that are written in TypeScript. */
  readonly actions: readonly ActionLoad[];
}
