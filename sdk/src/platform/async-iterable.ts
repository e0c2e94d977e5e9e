/** The test for values that are iterated over asynchronously. */

/** Whether a handler's result is a stream: an `AsyncIterable`. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  if (typeof value !== "object" || value === null) return false;
  try {
    return typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === "function";
  } catch {
    // A proxy may throw; whether such a value can cross is found out later.
    return false;
  }
}
