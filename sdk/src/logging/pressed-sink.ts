/** Sinks that can write while the event loop stands still. */

import type { LogSink } from "./record.js";

export const PRESS = Symbol("press");

/** A sink that may hold the thread for a moment, where records would be lost otherwise. */
export interface PressedSink extends LogSink {
  /** Writes a part of what it was given, and returns whether it could. */
  [PRESS](): boolean;
}

export function canBePressed(sink: LogSink): sink is PressedSink {
  return PRESS in sink;
}
