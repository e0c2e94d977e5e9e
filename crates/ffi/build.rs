// What `napi_build::setup` does for our targets, less the variable by which it makes the crate
// compile once more on the second build.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The macros write the types of the exports into this folder, which is another for other flags.
    println!("cargo::rerun-if-env-changed=NAPI_TYPE_DEF_TMP_FOLDER");
    let is = |variable, value| env::var(variable).as_deref() == Ok(value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        // A worker thread that ends would unload the addon while destructors of its thread-local
        // storage are still to run: https://sourceware.org/bugzilla/show_bug.cgi?id=21032
        println!("cargo::rustc-link-arg=-Wl,-z,nodelete");
    }
}
