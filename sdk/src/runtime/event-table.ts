/** The subscribers of a node, and the delivery of events to them. */

import { checkIterateOptions, type IterateOptions } from "../api/bounded-iterator.js";
import type { EventHandler } from "../api/context.js";
import {
  type Event,
  SUBSCRIBE_OPTIONS,
  type SubscribeOptions,
  type Subscription,
} from "../api/event.js";
import { EventIterator } from "../api/event-iterator.js";
import { createError, describeThrown } from "../errors/errors.js";
import { NodeLogger } from "../logging/logger.js";
import { callNative, native } from "../native/binding.js";
import { checkTopic, isPattern, matchesTopic, refuseTopic } from "../paths/topics.js";
import { now } from "../platform/clock.js";
import { dispose } from "../platform/dispose.js";
import { isPromiseLike } from "../platform/promise-like.js";
import { checkMilliseconds, checkOptions, kindOf } from "../validation/validator.js";
import type { Call } from "./call.js";
import { CallContext } from "./call-context.js";
import { outsideHooks } from "./hooks.js";
import type { EventsPort } from "./ports.js";

/** Distinct topics and patterns of a node: the core never frees the subscription of one. */
const MAX_TOPICS = 10_000;
/** Retained events of a topic. */
const MAX_RETAINED = 16;

interface Subscriber {
  readonly handler: EventHandler;
  readonly logger: NodeLogger;
  /** The number of the delivery during which it subscribed: it gets later ones only. */
  readonly since: number;
}

/** A topic or a pattern with its subscribers. */
interface Channel {
  readonly segments: readonly string[];
  readonly subscribers: Set<Subscriber>;
}

interface Retained {
  readonly event: Event;
  readonly until: number;
  readonly at: number;
}

export class EventTable {
  #host: EventsPort;
  #topics = new Map<string, Channel>();
  #patterns = new Map<string, Channel>();
  /** The channels by the numbers that Rust knows them by. */
  #byNumber: Channel[] = [];
  #retained = new Map<string, Retained[]>();
  #deliveries = 0;
  /** Ends the iterators that are open; a stop ends them. */
  readonly iterators = new Set<() => void>();

  constructor(host: EventsPort) {
    this.#host = host;
  }

  /** Subscribes with the options of `node.on`. */
  on(topic: string, handler: EventHandler, options: SubscribeOptions): Subscription {
    checkOptions(options, SUBSCRIBE_OPTIONS);
    const includePastMs = checkMilliseconds(options.includePastMs, "options.includePastMs");
    return this.subscribe(topic, handler, undefined, includePastMs);
  }

  iterate<Value>(topic: string, options: IterateOptions): EventIterator<Value> {
    checkIterateOptions(options);
    return new EventIterator(this, topic, options);
  }

  subscribe(
    topic: string,
    handler: EventHandler,
    logger: NodeLogger = new NodeLogger(this.#host.logs, { component: "Node", event: topic }),
    includePastMs?: number,
  ): Subscription {
    if (typeof topic !== "string") refuseTopic(topic, `expected a string, got ${kindOf(topic)}`);
    if (typeof handler !== "function") {
      refuseTopic(topic, `the subscriber must be a function, got ${kindOf(handler)}`);
    }
    const { subscribers } = this.#channel(topic);
    const subscriber = { handler, logger, since: this.#deliveries };
    if (subscribers.size === 0) this.#announce(topic, true);
    subscribers.add(subscriber);
    if (includePastMs !== undefined) {
      const past = this.#newestRetained(topic, includePastMs);
      if (past !== undefined) this.#notify(subscriber, past);
    }
    const unsubscribe = () => {
      if (subscribers.delete(subscriber) && subscribers.size === 0) this.#announce(topic, false);
    };
    return { topic, unsubscribe, [dispose]: unsubscribe };
  }

  /** Announces to peers whether this node listens. */
  #announce(topic: string, listening: boolean): void {
    const { handle, networked } = this.#host;
    if (networked) callNative(() => native.nodeListen(handle, topic, listening));
  }

  #channel(topic: string): Channel {
    const channels = isPattern(topic) ? this.#patterns : this.#topics;
    let channel = channels.get(topic);
    if (channel === undefined) {
      const segments = checkTopic(topic);
      if (this.#byNumber.length >= MAX_TOPICS) {
        throw createError(
          "ERR_RUNAR_TOO_MANY_TOPICS",
          `topic ${JSON.stringify(topic)}: the node has subscribed to ${MAX_TOPICS} topics; use a pattern`,
          { details: { topic, limit: MAX_TOPICS } },
        );
      }
      channel = { segments, subscribers: new Set() };
      channels.set(topic, channel);
      const number = this.#byNumber.push(channel) - 1;
      callNative(() => native.nodeSubscribe(this.#host.handle, number, topic));
    }
    return channel;
  }

  /** Delivers an event of this node to its own subscribers whose topics match. */
  deliver(call: Call, value: unknown, retainMs?: number): void {
    const { path: topic } = call;
    const event = { topic, value };
    const delivery = ++this.#deliveries;
    const exact = this.#topics.get(topic);
    if (exact !== undefined) this.#deliverTo(exact, event, delivery, call);
    if (this.#patterns.size > 0) {
      const segments = topic.split("/");
      for (const channel of this.#patterns.values()) {
        if (matchesTopic(channel.segments, segments)) {
          this.#deliverTo(channel, event, delivery, call);
        }
      }
    }
    if (retainMs !== undefined) this.#retain(event, retainMs);
  }

  /** Delivers an event from Rust to the subscribers of the channel that it names. */
  deliverFromRust(number: number, topic: string, value: unknown): void {
    const channel = this.#byNumber[number];
    if (channel !== undefined) this.#deliverTo(channel, { topic, value }, ++this.#deliveries);
  }

  #deliverTo(channel: Channel, event: Event, delivery: number, cause?: Call): void {
    for (const subscriber of channel.subscribers) {
      if (subscriber.since < delivery) this.#notify(subscriber, event, cause);
    }
  }

  /** `cause` is the publication, if it is of this isolate: its request goes on in the subscriber. */
  #notify(subscriber: Subscriber, event: Event, cause?: Call): void {
    const host = this.#host;
    const { handler, logger } = subscriber;
    const context = new CallContext(
      host,
      { path: event.topic, logger },
      { timeoutMs: host.requestTimeoutMs, cause },
    );
    try {
      const result = outsideHooks(() => host.run(context, () => handler(event, context)));
      if (isPromiseLike(result)) host.runBeside(context, Promise.resolve(result), report);
    } catch (error) {
      report(error);
    }
    function report(error: unknown): void {
      const cause = error instanceof Error ? { error } : undefined;
      logger.error(`a subscriber of ${event.topic} failed: ${describeThrown(error)}`, cause);
    }
  }

  #retain(event: Event, retainMs: number): void {
    const at = now();
    const kept = (this.#retained.get(event.topic) ?? []).filter(({ until }) => until > at);
    kept.push({ event, at, until: at + retainMs });
    this.#retained.set(event.topic, kept.slice(-MAX_RETAINED));
  }

  #newestRetained(topic: string, includePastMs: number): Event | undefined {
    const time = now();
    const pattern = topic.split("/");
    let newest: Retained | undefined;
    for (const [retainedTopic, kept] of this.#retained) {
      const live = kept.filter(({ until }) => until > time);
      if (live.length === 0) this.#retained.delete(retainedTopic);
      const last = live.at(-1);
      if (last === undefined || last.at < time - includePastMs) continue;
      if (matchesTopic(pattern, retainedTopic.split("/")) && last.at >= (newest?.at ?? 0))
        newest = last;
    }
    return newest?.event;
  }
}
