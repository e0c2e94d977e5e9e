/** Nodes that call from outside, and the decision whether they may. */

/** A node that calls an action of this one. */
export interface Caller {
  /** The id of the node: what its `node.id` is. */
  readonly id: string;
  /**
   * Whether it has proven to be that node: always, unless the config has
   * `accept_unauthenticated_peers` and the peer is one of the Rust core.
   */
  readonly authenticated: boolean;
}

/**
 * Decides whether a peer may call an action, by its path such as `math/add`. Any result but `true`,
 * or a promise of it, refuses the call with ERR_RUNAR_NOT_AUTHORIZED; so does a failure.
 */
export type Authorize = (caller: Caller, path: string) => boolean | Promise<boolean>;
