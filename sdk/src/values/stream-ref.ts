/** The reference to a stream, in an answer. */

export class StreamRef {
  constructor(
    readonly id: number,
    /** The node that has it; empty for the node itself. */
    readonly peer: string,
  ) {}
}
