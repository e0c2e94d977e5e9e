//! A bridge from `log` and `tracing` records to bounded, counted batches.
//!
//! The crate depends neither on JavaScript nor on Runar: a [`Router`] decides where each record
//! goes, usually into a [`Queue`], from which its consumer takes batches. Producers never wait: a
//! full queue drops the oldest record of the lowest level and counts it.

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
