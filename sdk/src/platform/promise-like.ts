/** The test for promises of any make. */

/**
 * Whether `await` would wait for something: a promise of any realm, or a thenable, which may be lazy or a
 * function. Only `Promise.resolve` calls its `then` in the way that `await` does: a `then` may return
 * nothing, throw, or call back at once.
 */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
