/** A peer that calls, with the metadata of its call. */

import type { CallMetadata } from "./call-metadata.js";

/** The caller of an invocation that comes from another node. */
export class RemoteCaller {
  constructor(
    readonly peer: { readonly id: string; readonly authenticated: boolean },
    readonly metadata: CallMetadata,
  ) {}
}
