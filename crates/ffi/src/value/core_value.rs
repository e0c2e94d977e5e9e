//! The core's own value type. Outside of `runar` and `identity`, this is the only file that names
//! one of the core's crates.

pub use runar_serializer::{ArcValue, ValueCategory};
