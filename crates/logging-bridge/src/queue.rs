//! A bounded queue of records whose every record is accounted for.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::{Level, Record};

/// How much a queue holds at the most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub records: usize,
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { records: 8192, bytes: 8 << 20 }
    }
}

/// What became of the records of one level. At all times
/// `accepted == delivered + dropped + pending`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub accepted: u64,
    pub delivered: u64,
    pub dropped: u64,
    pub pending: u64,
}

struct Inner {
    /// One lane a level; `order` restores the order of arrival across lanes.
    lanes: [VecDeque<(u64, Record)>; Level::ALL.len()],
    order: u64,
    bytes: usize,
    counts: [Counts; Level::ALL.len()],
    /// Dropped since the last batch said so.
    unreported: [u64; Level::ALL.len()],
}

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
            lanes: Default::default(),
            order: 0,
            bytes: 0,
            counts: Default::default(),
            unreported: Default::default(),
        };
        Self { limits, inner: Mutex::new(inner) }
    }

    /// Takes a record; never waits. Over the bound the oldest record of the lowest level goes, which
    /// may be the one that came.
    pub fn push(&self, record: Record) {
        let mut inner = self.lock();
        let level = record.level as usize;
        inner.order += 1;
        inner.bytes += record.size();
        inner.counts[level].accepted += 1;
        inner.counts[level].pending += 1;
        let order = inner.order;
        inner.lanes[level].push_back((order, record));
        while inner.bytes > self.limits.bytes || inner.pending() > self.limits.records {
            inner.drop_one();
        }
    }

    /// Takes out up to `most` records in their order of arrival, after one that says how many were
    /// dropped since the last batch, if any were.
    pub fn take(&self, most: usize) -> Vec<Record> {
        let mut inner = self.lock();
        let mut batch = Vec::new();
        if let Some(record) = inner.report_dropped() {
            batch.push(record);
        }
        for _ in 0..most {
            let oldest = (0..inner.lanes.len())
                .filter_map(|lane| inner.lanes[lane].front().map(|(order, _)| (*order, lane)))
                .min();
            let Some((_, lane)) = oldest else { break };
            if let Some((_, record)) = inner.lanes[lane].pop_front() {
                inner.bytes -= record.size();
                inner.counts[lane].pending -= 1;
                inner.counts[lane].delivered += 1;
                batch.push(record);
            }
        }
        batch
    }

    pub fn is_empty(&self) -> bool {
        let inner = self.lock();
        inner.pending() == 0 && inner.unreported.iter().all(|count| *count == 0)
    }

    /// The counts of one level.
    pub fn counts(&self, level: Level) -> Counts {
        self.lock().counts[level as usize]
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn pending(&self) -> usize {
        self.lanes.iter().map(VecDeque::len).sum()
    }

    fn drop_one(&mut self) {
        for lane in 0..self.lanes.len() {
            if let Some((_, record)) = self.lanes[lane].pop_front() {
                self.bytes -= record.size();
                self.counts[lane].pending -= 1;
                self.counts[lane].dropped += 1;
                self.unreported[lane] += 1;
                return;
            }
        }
    }

    fn report_dropped(&mut self) -> Option<Record> {
        let unreported = std::mem::take(&mut self.unreported);
        let total: u64 = unreported.iter().sum();
        if total == 0 {
            return None;
        }
        let mut record = Record::new(
            Level::Warn,
            module_path!(),
            &format!("{total} log records were dropped: the queue was full"),
        );
        for (level, count) in Level::ALL.iter().zip(unreported) {
            if count > 0 {
                record.fields.insert(format!("dropped_{level:?}").to_lowercase(), count.into());
            }
        }
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(level: Level, text: &str) -> Record {
        Record::new(level, "test", text)
    }

    fn texts(batch: &[Record]) -> Vec<&str> {
        batch.iter().map(|record| record.message.as_str()).collect()
    }

    #[test]
    fn records_leave_in_the_order_in_which_they_came_whatever_their_level() {
        let queue = Queue::default();
        for (level, text) in [(Level::Error, "1"), (Level::Debug, "2"), (Level::Error, "3")] {
            queue.push(record(level, text));
        }
        assert_eq!(texts(&queue.take(2)), ["1", "2"]);
        assert_eq!(texts(&queue.take(2)), ["3"]);
        assert!(queue.is_empty());
    }

    #[test]
    fn a_full_queue_drops_the_oldest_of_the_lowest_level_and_says_so() {
        let queue = Queue::new(Limits { records: 2, bytes: usize::MAX });
        for (level, text) in
            [(Level::Debug, "d1"), (Level::Error, "e1"), (Level::Debug, "d2"), (Level::Error, "e2")]
        {
            queue.push(record(level, text));
        }
        let batch = queue.take(10);
        assert_eq!(batch[0].fields["dropped_debug"], 2);
        assert_eq!(texts(&batch[1..]), ["e1", "e2"]);
    }

    #[test]
    fn the_bound_in_bytes_holds() {
        let queue = Queue::new(Limits { records: usize::MAX, bytes: 10_000 });
        for _ in 0..100 {
            queue.push(record(Level::Info, &"x".repeat(1000)));
        }
        let counts = queue.counts(Level::Info);
        assert!(counts.pending < 10 && counts.pending > 0, "{counts:?}");
    }

    #[test]
    fn every_record_is_accounted_for_at_every_moment() {
        let queue = Queue::new(Limits { records: 7, bytes: usize::MAX });
        for round in 0..1000 {
            queue.push(record(Level::ALL[round % 5], "x"));
            if round % 11 == 0 {
                queue.take(round % 4);
            }
            for level in Level::ALL {
                let counts = queue.counts(level);
                assert_eq!(counts.accepted, counts.delivered + counts.dropped + counts.pending);
            }
        }
    }
}
