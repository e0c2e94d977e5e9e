//! Peers that run the core without this SDK.

pub mod serve;
pub mod wire;
