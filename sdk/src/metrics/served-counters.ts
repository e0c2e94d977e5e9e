/** The counters of one action's calls, by the kind of caller. */

import type { CallCounter } from "./call-counts.js";
import type { CallerKind } from "./metrics.js";

/** Kept with the action, so that a removed service takes its counters along. */
export type ServedCounters = Partial<Record<CallerKind, CallCounter>>;
