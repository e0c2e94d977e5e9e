//! Peers that do not keep to the protocol. No handler runs for them, no memory grows, and honest peers
//! never notice. `docs/security.md` names the test of each attack.

mod between;
mod memory;
mod nodes;
mod of_members;
mod of_strangers;
