//! A node that receives arbitrary streams from a member of its network.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| runar_js_ffi::fuzzed::receive(bytes));
