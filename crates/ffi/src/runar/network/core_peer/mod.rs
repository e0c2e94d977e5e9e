//! Peers that run the core without this SDK.

pub mod channel;
pub mod request;
pub mod response_cache;
pub mod serve;
pub mod wire;
