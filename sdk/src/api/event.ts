/** Events, and the options of publishing and subscribing. */

/** Something that was published. */
export interface Event<Value = unknown> {
  /** Where it was published, in full. */
  readonly topic: string;
  /** What was published. */
  readonly value: Value;
}

/** Ends with `unsubscribe()`, or with its block: `using subscription = node.on(…)`. */
export interface Subscription {
  /** The topic or the pattern. */
  readonly topic: string;
  /** After this not one event more is heard, not even one that is being delivered. */
  unsubscribe(): void;
  /** The same as `unsubscribe()`. */
  [Symbol.dispose](): void;
}

/** How an event is published. */
export interface PublishOptions {
  /**
   * Keeps the event this many milliseconds for subscribers that come later and ask for it with
   * `includePastMs`. The newest 16 of a topic are kept. By default none is.
   */
  retainMs?: number;
}

/** How events are subscribed to. */
export interface SubscribeOptions {
  /** Delivers the newest retained event that is not older than this many milliseconds, if any. */
  includePastMs?: number;
}

export const PUBLISH_OPTIONS = ["retainMs"];
export const SUBSCRIBE_OPTIONS = ["includePastMs"];
