//! The decoders of the messages of peers, unauthenticated ones included.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| runar_js_ffi::fuzzed::decode(bytes));
