//! Peers that do not keep to the protocol. No handler runs for them, no memory grows, and honest peers
//! never notice. `docs/security.md` names the test of each attack.

#[cfg(test)]
mod between;
#[cfg(fuzzing)]
pub mod fuzzed;
#[cfg(test)]
mod memory;
pub mod nodes;
#[cfg(test)]
mod of_members;
#[cfg(test)]
mod of_strangers;
