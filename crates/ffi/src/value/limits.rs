//! The limits of values that cross.

/// Deeper nesting than this is refused on both sides, before a stack could overflow.
pub const MAX_DEPTH: usize = 128;

/// What one message may carry.
pub const MAX_BYTES: usize = 1 << 28;

/// A JavaScript number holds every integer up to this exactly.
pub const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
