//! The config of a node.

mod check;
mod describe;
mod fields;
mod json_schema;
mod nearest;
mod schema;
mod settings;

pub use fields::{is_address, LevelFilter, PublicKey};
#[cfg(test)]
pub use fields::{Bytes, Milliseconds};
pub use json_schema::schema;
pub use nearest::nearest;
pub use schema::{Config, DiscoveryOptions, NetworkConfig};
pub use settings::SessionOptions;
