// What `napi_build::setup` does for our targets, less the variables by which it makes the crate, and its
// tests, compile once more on the second build.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |variable, value| env::var(variable).as_deref() == Ok(value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        // A worker thread that ends would unload the addon while destructors of its thread-local
        // storage are still to run: https://sourceware.org/bugzilla/show_bug.cgi?id=21032
        println!("cargo::rustc-link-arg=-Wl,-z,nodelete");
    }
}
