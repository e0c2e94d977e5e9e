//! Peers that violate the protocol. No handler runs for them, memory does not grow, and honest
//! peers are not affected. `docs/security.md` names the test of each attack.

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
#[cfg(test)]
mod versions;
