//! The limits of values that cross.

use crate::protocol::limit;

/// The deepest nesting that crosses.
pub const MAX_DEPTH: usize = limit::MAX_DEPTH as usize;

/// What one message may carry.
pub const MAX_BYTES: usize = limit::MAX_MESSAGE_BYTES as usize;

/// A JavaScript number holds every integer up to this exactly.
pub const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
