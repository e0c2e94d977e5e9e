/** Streams that take no more for now. */

/** What is used of a stream. */
export interface Emitter {
  /** Calls the listener when the event comes for the first time from now on. */
  once(event: string, listener: () => void): unknown;
  /** Takes a listener away. */
  off(event: string, listener: () => void): unknown;
}

/** After any of these there is no use in waiting. */
const ENDS_OF_WAIT = ["drain", "close", "error"];

/** Waits until a stream has room again, or never will. */
export function waitForRoom(stream: Emitter): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      for (const event of ENDS_OF_WAIT) stream.off(event, go);
      resolve();
    };
    for (const event of ENDS_OF_WAIT) stream.once(event, go);
  });
}
