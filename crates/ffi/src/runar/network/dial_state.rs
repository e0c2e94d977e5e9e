//! The state of a peer that this node dials.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Notify;
use tokio::task::AbortHandle;

#[derive(Default)]
pub struct DialState {
    /// Addresses that the program gave.
    pub configured: Vec<String>,
    /// Addresses that discovery announced. Another node may have announced them.
    pub discovered: Vec<String>,
    /// Until when it is dialled because of an announcement.
    pub until: Option<Instant>,
    pub last_announced: Option<Instant>,
    /// Notified when it is worth to dial at once.
    pub retry_now: Arc<Notify>,
    pub task: Option<AbortHandle>,
}

impl DialState {
    pub fn addresses(&self) -> Vec<String> {
        let mut addresses = self.configured.clone();
        let discovered = self.discovered.iter();
        addresses.extend(discovered.filter(|known| !self.configured.contains(known)).cloned());
        addresses
    }

    /// Whether there still is a reason to dial it.
    pub fn is_wanted(&self) -> bool {
        !self.configured.is_empty() || self.until.is_some_and(|until| until > Instant::now())
    }
}
