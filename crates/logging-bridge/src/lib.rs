//! A bridge from `log` and `tracing` records to bounded, counted batches.
//!
//! The crate knows nothing of JavaScript or of Runar: whoever installs it says where each record
//! goes, usually into a [`Queue`] of its own, and takes batches out when it likes. Producers never
//! wait: a full queue drops the oldest record of the lowest level and counts it.

mod capture;
mod level;
mod prefix;
mod queue;
mod record;

pub use capture::{install, BridgeLayer, Installed, Router};
pub use level::Level;
pub use prefix::Prefix;
pub use queue::{Counts, Limits, Queue};
pub use record::Record;
