/** The iterator over events. */

import { BoundedIterator, type IterateOptions } from "./bounded-iterator.js";
import type { Event, Subscription } from "./event.js";

/** What an iterator subscribes to. */
interface EventSource {
  /** Ends the iterators that are open. */
  readonly iterators: Set<() => void>;
  subscribe(topic: string, handler: (event: Event) => unknown): Subscription;
}

/** Events to be read at the reader's own pace, as many as the limit allows. */
export class EventIterator<Value = unknown> extends BoundedIterator<Event<Value>> {
  constructor(events: EventSource, topic: string, options: IterateOptions) {
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
