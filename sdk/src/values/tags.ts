/** The tags of the binary form; `crates/ffi/src/value/tag.rs` has the same numbers. */

export const Tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int32: 4,
  float64: 5,
  ascii: 6,
  utf8: 7,
  int64: 8,
  uint64: 9,
  bytes: 10,
  array: 11,
  object: 12,
  /** An array of nothing but numbers: their count, and 8 bytes each. */
  numbers: 13,
  /** What follows is to reach Rust as one json value. */
  json: 14,
  /** The handle of a Rust value that this isolate holds. */
  held: 15,
  /** The handle of bytes that are taken apart from the message, and how many they are. */
  heldBytes: 16,
  /** A stream in an answer: its number, and the node that has it. */
  stream: 17,
} as const;

/** Deeper nesting than this is refused on both sides, before a stack could overflow. */
export const MAX_DEPTH = 128;

export const INT64_MIN = -(2n ** 63n);
export const INT64_MAX = 2n ** 63n - 1n;
export const UINT64_MAX = 2n ** 64n - 1n;
