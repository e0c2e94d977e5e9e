//! The queue of messages for JavaScript. A message is its length (u32) without itself, its kind,
//! its body.

use std::sync::{Arc, Mutex};

use bytes::BufMut;
use tokio::sync::Notify;

use super::notifier::Notifier;
use crate::protocol::to_javascript;
use crate::sync::lock;

/// An outbox that had to grow beyond this gives its memory back once it is empty.
const MAX_KEPT_BYTES: usize = 1 << 20;

/// While more than this is queued, nothing is read from peers.
const MAX_QUEUED_BYTES: usize = 8 << 20;

pub struct Outbox {
    notifier: Arc<Notifier>,
    messages: Mutex<Messages>,
    /// Notified when JavaScript has taken messages.
    taken: Notify,
}

#[derive(Default)]
struct Messages {
    bytes: Vec<u8>,
    /// How many of the bytes JavaScript has taken.
    taken: usize,
    is_closed: bool,
}

impl Outbox {
    pub fn new(notifier: Arc<Notifier>) -> Self {
        Self { notifier, messages: Mutex::default(), taken: Notify::new() }
    }

    /// Queues a message and notifies JavaScript.
    pub fn post(&self, kind: u8, write: impl FnOnce(&mut Vec<u8>)) {
        self.push(kind, write);
        self.notifier.notify();
    }

    fn push(&self, kind: u8, write: impl FnOnce(&mut Vec<u8>)) {
        let bytes = &mut lock(&self.messages).bytes;
        let start = bytes.len();
        bytes.put_u32_le(0);
        bytes.push(kind);
        write(bytes);
        let length = (bytes.len() - start - 4) as u32;
        bytes[start..start + 4].copy_from_slice(&length.to_le_bytes());
    }

    /// Moves as many whole messages as fit into `output`, followed by `MORE` if some are left.
    /// Returns the number of bytes written; or, negated, the size that the next message needs.
    pub fn drain(&self, output: &mut [u8]) -> i32 {
        const MORE: [u8; 5] = [1, 0, 0, 0, to_javascript::MORE];
        let Messages { bytes, taken, .. } = &mut *lock(&self.messages);
        let room = output.len().saturating_sub(MORE.len());
        let start = *taken;
        let mut end = start;
        while let Some(next) = end_of_message(bytes, end) {
            if next - start > room {
                break;
            }
            end = next;
        }
        if end == start {
            let Some(next) = end_of_message(bytes, start) else {
                return 0;
            };
            return i32::try_from(next - start + MORE.len()).map_or(i32::MIN, |needed| -needed);
        }
        self.taken.notify_waiters();
        let count = end - start;
        output[..count].copy_from_slice(&bytes[start..end]);
        if end == bytes.len() {
            bytes.clear();
            *taken = 0;
            bytes.shrink_to(MAX_KEPT_BYTES);
            return count as i32;
        }
        *taken = end;
        output[count..count + MORE.len()].copy_from_slice(&MORE);
        (count + MORE.len()) as i32
    }

    /// Waits until most messages are taken, or the outbox is closed.
    pub async fn capacity(&self) {
        loop {
            let taken = self.taken.notified();
            let mut taken = std::pin::pin!(taken);
            // Registered before the check, so that no notification is missed.
            taken.as_mut().enable();
            {
                let messages = lock(&self.messages);
                if messages.is_closed || messages.bytes.len() - messages.taken < MAX_QUEUED_BYTES {
                    return;
                }
            }
            taken.await;
        }
    }

    /// Closes the outbox: JavaScript takes nothing more.
    pub fn close(&self) {
        lock(&self.messages).is_closed = true;
        self.taken.notify_waiters();
    }
}

/// The end of the message that begins at `start`.
fn end_of_message(bytes: &[u8], start: usize) -> Option<usize> {
    let header = bytes.get(start..start + 4)?;
    let length = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    Some(start + 4 + length as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox() -> Outbox {
        Outbox::new(Arc::new(Notifier::new(Box::new(|| ()))))
    }

    #[test]
    fn messages_leave_whole_and_in_order_whatever_room_there_is() {
        for room in 30..200 {
            let outbox = outbox();
            for number in 0..10u8 {
                outbox.push(to_javascript::RESULT, |bytes| bytes.extend([number; 20]));
            }
            let mut seen = Vec::new();
            let mut output = vec![0; room];
            loop {
                let count = outbox.drain(&mut output);
                assert!(count > 0, "{room}: {count}");
                let mut more = false;
                let mut at = 0;
                while let Some(end) = end_of_message(&output[..count as usize], at) {
                    match output[at + 4] {
                        to_javascript::MORE => more = true,
                        _ => seen.push(output[at + 5]),
                    }
                    at = end;
                }
                if !more {
                    break;
                }
            }
            assert_eq!(seen, (0..10).collect::<Vec<u8>>(), "{room}");
            assert_eq!(outbox.drain(&mut output), 0);
        }
    }

    #[test]
    fn a_message_that_does_not_fit_says_what_it_needs() {
        let outbox = outbox();
        outbox.push(to_javascript::RESULT, |bytes| bytes.extend([7; 100]));
        let needed = -outbox.drain(&mut [0; 10]);
        assert!(outbox.drain(&mut vec![0; needed as usize]) > 100);
    }
}
