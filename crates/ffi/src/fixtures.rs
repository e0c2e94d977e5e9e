//! What tests and benchmarks need from Rust. Only in builds with the feature `test-fixtures`.
