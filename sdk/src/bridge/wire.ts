/**
 * The kinds and flags of the messages between JavaScript and Rust; `crates/ffi` has the same numbers. A
 * message is its length (u32), its kind (u8), the number of its call or invocation (u32), and a body.
 */

/** Messages from JavaScript. */
export const Inbound = {
  requestAction: 1,
  requestPath: 2,
  reply: 3,
  fail: 4,
  cancel: 5,
  publish: 6,
  release: 7,
} as const;

/** Messages from Rust. */
export const Outbound = {
  invoke: 1,
  result: 2,
  error: 3,
  failure: 4,
  forget: 5,
  abort: 6,
  logs: 7,
  more: 8,
  event: 9,
  logsEnd: 10,
  peer: 11,
} as const;

/** Flags of a request by path. */
export const RequestFlag = { held: 1, positional: 2 } as const;

/** Flags of a failure: its object is kept for a caller of this thread; no handler has run. */
export const FailFlag = { kept: 1, refused: 2 } as const;

/** Flags of the caller of an invocation. */
export const CallerFlag = { peer: 1, authenticated: 2, positional: 4 } as const;

/** The number that stands for the question whether a peer may call a path. */
export const AUTHORIZE_ACTION = 0xffffffff;
/** The number that stands for a read of a stream by a peer. */
export const READ_STREAM_ACTION = 0xfffffffe;
/** The number that stands for the question whether a gateway may answer a request. */
export const AUTHENTICATE_ACTION = 0xfffffffd;
