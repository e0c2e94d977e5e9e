/** A peer that calls, with the metadata of its call. */

/** The caller of an invocation that comes from another node. */
export class RemoteCaller {
  constructor(
    readonly peer: { readonly id: string; readonly authenticated: boolean },
    readonly timeoutMs: number,
    readonly positional: boolean,
    readonly requestId: string | undefined,
    readonly traceparent: string | undefined,
  ) {}
}
