/** The logger of the running call, for helpers that get no context. */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Logger } from "./record.js";

const storage = new AsyncLocalStorage<{ readonly logger: Logger }>();

/**
 * The logger of the handler, hook or subscriber that is running, found from any function that it
 * calls or awaits. `undefined` outside of one, and on nodes that were not made with
 * `{ asyncContext: true }`: finding it costs every call a little.
 *
 * @example
 * const node = new Node({}, { asyncContext: true });
 * function helper() {
 *   currentLogger()?.info("deep down");
 * }
 */
export function currentLogger(): Logger | undefined {
  return storage.getStore()?.logger;
}

/** Runs something as the part of a call. */
export function runInCall<T>(context: { readonly logger: Logger }, body: () => T): T {
  return storage.run(context, body);
}
