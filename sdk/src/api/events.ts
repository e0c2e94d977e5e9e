/** Events: who hears what, on this node. */

import { createError, describeThrown } from "../errors/errors.js";
import { NodeLogger } from "../logging/logger.js";
import { callNative, native } from "../native/binding.js";
import { now } from "../platform/clock.js";
import { dispose } from "../platform/dispose.js";
import type { Host } from "../runtime/host.js";
import type { CallOptions } from "../runtime/pending-call.js";
import { kindOf } from "../validation/options.js";
import { BoundedIterator, type IterateOptions } from "./bounded-iterator.js";
import { CallContext, type Context } from "./context.js";

/** Something that was published. */
export interface Event<Value = unknown> {
  /** Where it was published, in full. */
  readonly topic: string;
  /** What was published. */
  readonly value: Value;
}

/** What a subscriber gets beside the event. `path` is the event's topic. */
export type EventContext = Pick<
  Context,
  "logger" | "node" | "path" | "signal" | "request" | "client" | "publish" | "topics"
>;

/** Hears events. What it throws, or rejects with, is logged and harms nobody. */
export type EventHandler<Value = unknown> = (event: Event<Value>, context: EventContext) => unknown;

/** The same in a definition, where a handler may say what it knows of the value: `Event<Order>`. */
export type ServiceEventHandler = { hear(event: Event, context: EventContext): unknown }["hear"];

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

/** A node as one sees it who knows what is published where: `node.topics<…>()`. */
export interface TypedTopics<Topics extends object> {
  /** As `node.publish`, with the type of the topic's values. */
  publish<Topic extends keyof Topics & string>(
    topic: Topic,
    value: Topics[Topic],
    options?: PublishOptions,
  ): Promise<void>;
  /** As `node.on`. */
  on<Topic extends keyof Topics & string>(
    topic: Topic,
    handler: EventHandler<Topics[Topic]>,
    options?: SubscribeOptions,
  ): Subscription;
  /** As `node.once`. */
  once<Topic extends keyof Topics & string>(
    topic: Topic,
    options?: CallOptions,
  ): Promise<Event<Topics[Topic]>>;
  /** As `node.events`. */
  events<Topic extends keyof Topics & string>(
    topic: Topic,
    options?: IterateOptions,
  ): EventIterator<Topics[Topic]>;
}

/** Distinct topics and patterns of a node: the core keeps a subscription for each for good. */
const MAX_TOPICS = 10_000;
const MAX_RETAINED = 16;
const MAX_TOPIC_LENGTH = 1024;

interface Subscriber {
  readonly handler: EventHandler;
  readonly logger: NodeLogger;
  /** The number of the delivery during which it came: it hears later ones only. */
  readonly since: number;
}

/** A topic or a pattern, and who listens to it. */
interface Channel {
  readonly segments: readonly string[];
  readonly subscribers: Set<Subscriber>;
}

interface Retained {
  readonly event: Event;
  readonly until: number;
  readonly at: number;
}

function isPattern(topic: string): boolean {
  return topic.includes("*") || topic.includes(">");
}

function refuse(topic: unknown, what: string): never {
  throw createError("ERR_RUNAR_INVALID_ARGUMENT", `topic ${JSON.stringify(topic)}: ${what}`, {
    details: { topic },
  });
}

/** Topics are parts separated by `/`; `*` stands for one part, a last `>` for one or more. */
export function topicProblem(topic: string): string | undefined {
  if (topic.length > MAX_TOPIC_LENGTH) return `longer than ${MAX_TOPIC_LENGTH} characters`;
  const segments = topic.split("/");
  for (const [index, segment] of segments.entries()) {
    if (segment === "") return "has an empty part";
    if (/[:{}\s\p{Cc}]/u.test(segment)) return "has spaces or one of : { }";
    if (segment === "*" || (segment === ">" && index === segments.length - 1)) continue;
    if (isPattern(segment)) return "* must be a part of its own, and > the last part";
  }
  return undefined;
}

function checkTopic(topic: unknown): string[] {
  if (typeof topic !== "string") refuse(topic, `expected a string, got ${kindOf(topic)}`);
  const problem = topicProblem(topic);
  if (problem !== undefined) refuse(topic.slice(0, 80), problem);
  return topic.split("/");
}

function fits(pattern: readonly string[], topic: readonly string[]): boolean {
  for (const [index, segment] of pattern.entries()) {
    if (segment === ">") return topic.length > index;
    if (index >= topic.length || (segment !== "*" && segment !== topic[index])) return false;
  }
  return pattern.length === topic.length;
}

export class Events {
  #host: Host;
  #topics = new Map<string, Channel>();
  #patterns = new Map<string, Channel>();
  /** The channels by the numbers that Rust knows them by. */
  #byNumber: Channel[] = [];
  #retained = new Map<string, Retained[]>();
  #deliveries = 0;
  /** Ends the iterators that are open; they do not outlive a stop. */
  readonly iterators = new Set<() => void>();

  constructor(host: Host) {
    this.#host = host;
  }

  subscribe(
    topic: string,
    handler: EventHandler,
    logger: NodeLogger = new NodeLogger(this.#host.logs, { component: "Node", event: topic }),
    includePastMs?: number,
  ): Subscription {
    if (typeof topic !== "string") refuse(topic, `expected a string, got ${kindOf(topic)}`);
    if (typeof handler !== "function") {
      refuse(topic, `the subscriber must be a function, got ${kindOf(handler)}`);
    }
    const { subscribers } = this.#channel(topic);
    const subscriber = { handler, logger, since: this.#deliveries };
    if (subscribers.size === 0) this.#listen(topic, true);
    subscribers.add(subscriber);
    if (includePastMs !== undefined) {
      const past = this.#newestRetained(topic, includePastMs);
      if (past !== undefined) this.#tell(subscriber, past);
    }
    const unsubscribe = () => {
      if (subscribers.delete(subscriber) && subscribers.size === 0) this.#listen(topic, false);
    };
    return { topic, unsubscribe, [dispose]: unsubscribe };
  }

  /** Tells peers whether this node listens. */
  #listen(topic: string, listening: boolean): void {
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

  /** Delivers what this node published to those of its own subscribers whose topics fit. */
  deliver(topic: string, value: unknown, retainMs?: number): void {
    const event = { topic, value };
    const delivery = ++this.#deliveries;
    const exact = this.#topics.get(topic);
    if (exact !== undefined) this.#deliverTo(exact, event, delivery);
    if (this.#patterns.size > 0) {
      const segments = topic.split("/");
      for (const channel of this.#patterns.values()) {
        if (fits(channel.segments, segments)) this.#deliverTo(channel, event, delivery);
      }
    }
    if (retainMs !== undefined) this.#retain(event, retainMs);
  }

  /** Delivers what Rust published to the subscribers of the topic or pattern that it names. */
  deliverFromRust(number: number, topic: string, value: unknown): void {
    const channel = this.#byNumber[number];
    if (channel !== undefined) this.#deliverTo(channel, { topic, value }, ++this.#deliveries);
  }

  #deliverTo(channel: Channel, event: Event, delivery: number): void {
    for (const subscriber of channel.subscribers) {
      if (subscriber.since < delivery) this.#tell(subscriber, event);
    }
  }

  #tell(subscriber: Subscriber, event: Event): void {
    const host = this.#host;
    const { handler, logger } = subscriber;
    const context = new CallContext(
      host,
      { path: event.topic, logger },
      { timeoutMs: host.requestTimeoutMs },
    );
    try {
      const result = host.run(context, () => handler(event, context));
      if (result instanceof Promise) host.runBeside(context, result, (error) => report(error));
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
      if (fits(pattern, retainedTopic.split("/")) && last.at >= (newest?.at ?? 0)) newest = last;
    }
    return newest?.event;
  }
}

/** @throws InvalidArgumentError for a pattern, or for a topic that is the core's own. */
export function checkPublished(topic: string): void {
  checkTopic(topic);
  if (isPattern(topic)) refuse(topic, "a pattern cannot be published to");
  if (topic.startsWith("$")) refuse(topic, "topics that begin with $ are the core's own");
}

/** Events to be read at the reader's own pace, as many as the limit allows. */
export class EventIterator<Value = unknown> extends BoundedIterator<Event<Value>> {
  constructor(events: Events, topic: string, options: IterateOptions) {
    super(options, (push, end) => {
      const subscription = events.subscribe(topic, (event) => push(event as Event<Value>));
      events.iterators.add(end);
      return () => {
        subscription.unsubscribe();
        events.iterators.delete(end);
      };
    });
  }
}
