//! A bounded queue of records that counts every record.

use std::collections::VecDeque;
use std::sync::PoisonError;

use serde::Serialize;

use crate::level::Level;
use crate::record::Record;
use crate::sync::{Mutex, MutexGuard};

const LEVELS: usize = Level::ALL.len();
const ERROR: usize = Level::Error as usize;

/// A number for each level, lowest level first.
pub type PerLevel = [u64; LEVELS];

/// How much a queue holds at the most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub records: usize,
    pub bytes: usize,
    /// The part of `records` that only errors may fill.
    pub reserved_records: usize,
    /// The part of `bytes` that only errors may fill.
    pub reserved_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { records: 8192, bytes: 8 << 20, reserved_records: 1024, reserved_bytes: 1 << 20 }
    }
}

impl Limits {
    /// What records of a level may fill in all, those of the other levels counted in.
    fn share(&self, level: usize) -> (usize, usize) {
        if level == ERROR {
            (self.records, self.bytes)
        } else {
            (
                self.records.saturating_sub(self.reserved_records),
                self.bytes.saturating_sub(self.reserved_bytes),
            )
        }
    }
}

/// How much is taken at once, at the most; but one record, however large, is always taken.
#[derive(Clone, Copy, Debug)]
pub struct BatchLimits {
    pub records: usize,
    pub bytes: usize,
}

/// What became of the records of one level. At all times
/// `accepted == delivered + dropped + pending`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Came in.
    pub accepted: u64,
    /// Were taken out.
    pub delivered: u64,
    /// Had to go because there was no room.
    pub dropped: u64,
    /// Wait to be taken out.
    pub pending: u64,
}

/// What was taken out of a queue.
#[derive(Debug, Default)]
pub struct Batch {
    /// In their order of arrival.
    pub records: Vec<Record>,
    /// How many of `records` have each level.
    pub levels: PerLevel,
    /// How many were dropped since the last batch.
    pub dropped: PerLevel,
    /// How many records still wait.
    pub left: usize,
}

struct QueuedRecord {
    /// Restores the order of arrival across levels.
    order: u64,
    size: usize,
    record: Record,
}

struct Inner {
    /// One queue for each level.
    queues: [VecDeque<QueuedRecord>; LEVELS],
    order: u64,
    records: usize,
    bytes: usize,
    /// The part of `bytes` that errors fill.
    error_bytes: usize,
    counts: [Counts; LEVELS],
    /// Dropped since the last batch said so.
    unreported: PerLevel,
    /// Whether the next record wakes the consumer.
    armed: bool,
    /// Whether a half full queue has done so since the last batch.
    urged: bool,
}

/// The consumer waits until `push` returns true, and then takes batches until one is empty; after
/// an empty batch the next `push` returns true again.
pub struct Queue {
    limits: Limits,
    inner: Mutex<Inner>,
}

impl Default for Queue {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Queue {
    pub fn new(limits: Limits) -> Self {
        let inner = Inner {
            queues: Default::default(),
            order: 0,
            records: 0,
            bytes: 0,
            error_bytes: 0,
            counts: Default::default(),
            unreported: Default::default(),
            armed: true,
            urged: false,
        };
        Self { limits, inner: Mutex::new(inner) }
    }

    /// Adds a record without waiting. Above the bound the oldest record of the lowest level is
    /// dropped, which may be the new one. Returns whether to wake the consumer.
    #[must_use]
    pub fn push(&self, record: Record) -> bool {
        let level = record.level as usize;
        let size = record.size();
        let (most_records, most_bytes) = self.limits.share(level);
        // Freed after the lock is released: other producers need not wait for that.
        let mut dropped = Vec::new();
        let mut inner = self.lock();
        inner.counts[level].accepted += 1;
        if size > most_bytes || most_records == 0 {
            // It would displace all others, and then be dropped itself.
            inner.counts[level].dropped += 1;
            inner.unreported[level] += 1;
            dropped.push(record);
        } else {
            inner.order += 1;
            let order = inner.order;
            inner.records += 1;
            inner.bytes += size;
            inner.error_bytes += if level == ERROR { size } else { 0 };
            inner.counts[level].pending += 1;
            inner.queues[level].push_back(QueuedRecord { order, size, record });
            while inner.is_over(&self.limits) {
                let Some(record) = inner.drop_one() else { break };
                dropped.push(record);
            }
        }
        let is_half_full =
            inner.records >= self.limits.records / 2 || inner.bytes >= self.limits.bytes / 2;
        let wakes = inner.armed || (is_half_full && !inner.urged);
        inner.armed = false;
        inner.urged |= is_half_full;
        wakes
    }

    /// Takes out a batch.
    pub fn take(&self, most: BatchLimits) -> Batch {
        let mut batch = Batch::default();
        let mut inner = self.lock();
        let mut bytes = 0;
        while batch.records.len() < most.records {
            let oldest = (0..LEVELS)
                .filter_map(|level| inner.queues[level].front().map(|queued| (queued.order, level)))
                .min();
            let Some((_, level)) = oldest else { break };
            let size = inner.queues[level].front().map_or(0, |queued| queued.size);
            if !batch.records.is_empty() && bytes + size > most.bytes {
                break;
            }
            if let Some(record) = inner.pop(level) {
                bytes += size;
                inner.counts[level].delivered += 1;
                batch.levels[level] += 1;
                batch.records.push(record);
            }
        }
        batch.dropped = std::mem::take(&mut inner.unreported);
        batch.left = inner.records;
        inner.urged = false;
        inner.armed = batch.records.is_empty() && inner.records == 0;
        batch
    }

    /// The counts of every level at one moment, lowest level first.
    pub fn counts(&self) -> [Counts; LEVELS] {
        self.lock().counts
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn is_over(&self, limits: &Limits) -> bool {
        let (records, bytes) = limits.share(0);
        self.records > limits.records
            || self.bytes > limits.bytes
            || self.records - self.queues[ERROR].len() > records
            || self.bytes - self.error_bytes > bytes
    }

    fn pop(&mut self, level: usize) -> Option<Record> {
        let queued = self.queues[level].pop_front()?;
        self.records -= 1;
        self.bytes -= queued.size;
        self.error_bytes -= if level == ERROR { queued.size } else { 0 };
        self.counts[level].pending -= 1;
        Some(queued.record)
    }

    fn drop_one(&mut self) -> Option<Record> {
        let level = self.queues.iter().position(|queue| !queue.is_empty())?;
        let record = self.pop(level)?;
        self.counts[level].dropped += 1;
        self.unreported[level] += 1;
        Some(record)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    const ALL: BatchLimits = BatchLimits { records: usize::MAX, bytes: usize::MAX };

    fn limits(records: usize, bytes: usize) -> Limits {
        Limits { records, bytes, reserved_records: 0, reserved_bytes: 0 }
    }

    fn record(level: Level, text: &str) -> Record {
        Record::new(level, "test", text)
    }

    fn push(queue: &Queue, records: &[(Level, &str)]) {
        for (level, text) in records {
            let _ = queue.push(record(*level, text));
        }
    }

    fn texts(batch: &Batch) -> Vec<&str> {
        batch.records.iter().map(|record| record.message.as_str()).collect()
    }

    #[test]
    fn records_leave_in_the_order_in_which_they_came_whatever_their_level() {
        let queue = Queue::default();
        push(&queue, &[(Level::Error, "1"), (Level::Debug, "2"), (Level::Error, "3")]);
        let two = queue.take(BatchLimits { records: 2, ..ALL });
        assert_eq!(texts(&two), ["1", "2"]);
        assert_eq!((two.levels, two.left), ([0, 1, 0, 0, 1], 1));
        assert_eq!(texts(&queue.take(ALL)), ["3"]);
    }

    #[test]
    fn a_full_queue_drops_the_oldest_of_the_lowest_level_and_says_so_once() {
        let queue = Queue::new(limits(2, usize::MAX));
        push(
            &queue,
            &[
                (Level::Debug, "d1"),
                (Level::Error, "e1"),
                (Level::Debug, "d2"),
                (Level::Error, "e2"),
            ],
        );
        let batch = queue.take(ALL);
        assert_eq!(batch.dropped, [0, 2, 0, 0, 0]);
        assert_eq!(texts(&batch), ["e1", "e2"]);
        assert_eq!(queue.take(ALL).dropped, [0; 5]);
    }

    #[test]
    fn errors_have_room_that_nothing_else_fills() {
        let queue = Queue::new(Limits { reserved_records: 2, ..limits(5, usize::MAX) });
        for text in ["1", "2", "3", "4"] {
            push(&queue, &[(Level::Warn, text)]);
        }
        assert_eq!(queue.counts()[3].dropped, 1);
        push(&queue, &[(Level::Error, "e1"), (Level::Error, "e2")]);
        assert_eq!(queue.counts()[3].dropped, 1, "the reserve was there");
        push(&queue, &[(Level::Error, "e3")]);
        assert_eq!(texts(&queue.take(ALL)), ["3", "4", "e1", "e2", "e3"]);
    }

    #[test]
    fn errors_have_bytes_that_nothing_else_fills() {
        let size = record(Level::Warn, &"x".repeat(1000)).size();
        let queue = Queue::new(Limits { reserved_bytes: size, ..limits(100, 3 * size) });
        for _ in 0..3 {
            push(&queue, &[(Level::Warn, &"x".repeat(1000))]);
        }
        push(&queue, &[(Level::Error, &"e".repeat(1000))]);
        let counts = queue.counts();
        assert_eq!((counts[3].pending, counts[3].dropped, counts[4].pending), (2, 1, 1));
    }

    #[test]
    fn a_record_that_is_larger_than_the_queue_goes_alone() {
        let queue = Queue::new(limits(10, 2000));
        push(&queue, &[(Level::Debug, "small"), (Level::Error, &"x".repeat(3000))]);
        let batch = queue.take(ALL);
        assert_eq!(texts(&batch), ["small"]);
        assert_eq!(batch.dropped, [0, 0, 0, 0, 1]);
    }

    #[test]
    fn the_bounds_in_bytes_hold_for_the_queue_and_for_a_batch() {
        let queue = Queue::new(limits(usize::MAX, 10_000));
        for _ in 0..100 {
            push(&queue, &[(Level::Info, &"x".repeat(1000))]);
        }
        let pending = queue.counts()[2].pending;
        assert!(pending < 10 && pending > 2, "{pending}");
        assert_eq!(queue.take(BatchLimits { bytes: 3000, ..ALL }).records.len(), 2);
        assert_eq!(queue.take(BatchLimits { bytes: 1, ..ALL }).records.len(), 1);
    }

    #[test]
    fn the_first_record_wakes_and_then_a_half_full_queue_until_a_batch_was_empty() {
        let queue = Queue::new(limits(4, usize::MAX));
        let push = || queue.push(record(Level::Info, "x"));
        assert_eq!([push(), push(), push(), push(), push()], [true, true, false, false, false]);
        assert_eq!(queue.take(ALL).records.len(), 4);
        assert!(!push(), "somebody is taking");
        queue.take(ALL);
        assert_eq!(queue.take(ALL).records.len(), 0);
        assert!(push());
    }
}
