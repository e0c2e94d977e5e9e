//! What reads a message of a peer, or of a stranger, from bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| runar_js_ffi::fuzzed::decode(bytes));
