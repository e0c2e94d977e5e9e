//! A bridge from `log` and `tracing` records to bounded, counted batches.
//!
//! The crate knows nothing of JavaScript or of Runar: whoever installs it says where each record
//! goes, usually into a [`Queue`] of its own, and takes batches out when it likes. Producers never
//! wait: a full queue drops the oldest record of the lowest level and counts it.

mod capture;
mod filter;
mod level;
mod prefix;
mod queue;
mod record;
mod sync;
mod text;

pub use capture::{install, BridgeLayer, Installed, Router};
pub use filter::{Directives, Filter, Threshold};
pub use level::Level;
pub use prefix::Prefix;
pub use queue::{Batch, BatchLimits, Counts, Limits, PerLevel, Queue};
pub use record::Record;
