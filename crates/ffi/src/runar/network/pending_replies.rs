//! The number of replies on their way to peers, which a stop waits for.

use tokio::sync::watch;

#[derive(Clone)]
pub struct PendingReplies(watch::Sender<usize>);

/// Counts one reply until it is dropped.
pub struct PendingReply(PendingReplies);

impl Default for PendingReplies {
    fn default() -> Self {
        Self(watch::channel(0).0)
    }
}

impl PendingReplies {
    pub fn begin(&self) -> PendingReply {
        // Only zero is of interest to those who wait.
        self.0.send_if_modified(|count| {
            *count += 1;
            false
        });
        PendingReply(self.clone())
    }

    /// Waits until no reply is pending.
    pub async fn none(&self) {
        // Fails only without a sender, which is `self`.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}

impl Drop for PendingReply {
    fn drop(&mut self) {
        self.0 .0.send_if_modified(|count| {
            *count -= 1;
            *count == 0
        });
    }
}
