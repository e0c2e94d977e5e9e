/** The type of a streamed result. */

/**
 * What the caller of an action gets that returns an `AsyncIterable`: its items, to be read in a loop
 * as they come. Nothing more is made than is read, but for one item. Leaving the loop ends the
 * handler's iteration, and fires its `ctx.signal`; so does the `signal` of the call. Each item has the
 * time of the call to come.
 *
 * @example
 * const lines = await node.request<Stream<string>>("logs/follow", ["app.log"]);
 * for await (const line of lines) console.log(line);
 */
export type Stream<Item> = AsyncIterableIterator<Item>;
