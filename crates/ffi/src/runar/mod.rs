//! The Runar core: the only room that names `runar_node` and the crates over it.

pub mod adapter;
#[cfg(test)]
mod config_mirror;
pub mod errors;
pub mod inbound;
mod lifecycle;
pub mod network;
mod offers;
pub mod outcome;
mod peers;
mod remote_actions;
mod running;
pub mod service;
#[cfg_attr(not(feature = "services"), path = "no_services.rs")]
pub mod services;
pub mod subscriptions;
pub mod topic;
#[cfg(any(test, feature = "test-fixtures"))]
pub mod unreachable;

/// The version of the core.
pub const VERSION: &str = runar_node::VERSION;
