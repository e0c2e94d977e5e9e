//! A node to which a member of its network sends whatever comes to its mind.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| runar_js_ffi::fuzzed::receive(bytes));
