/** The wait for a stream whose buffer is full. */

/** What is used of a stream. */
export interface Emitter {
  /** Calls the listener when the event comes for the first time from now on. */
  once(event: string, listener: () => void): unknown;
  /** Takes a listener away. */
  off(event: string, listener: () => void): unknown;
}

/** The events that end the wait. */
const ENDS_OF_WAIT = ["drain", "close", "error"];

/** Waits until a stream drains, or has ended. */
export function waitForDrain(stream: Emitter): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      for (const event of ENDS_OF_WAIT) stream.off(event, go);
      resolve();
    };
    for (const event of ENDS_OF_WAIT) stream.once(event, go);
  });
}
