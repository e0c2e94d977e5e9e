//! Peers that do not keep to the protocol. No handler runs for them, no memory grows, and honest peers
//! never notice. `docs/security.md` names the test of each attack.

#[cfg(fuzzing)]
pub mod fuzzed;
#[cfg(test)]
mod members;
#[cfg(test)]
mod memory;
pub mod nodes;
#[cfg(test)]
mod on_path;
#[cfg(test)]
mod unauthenticated;
