//! Every interleaving of producers and a consumer that the model checker finds. Run by
//! `npm run test:queue`.

#![cfg(loom)]
#![allow(clippy::unwrap_used)]

use loom::sync::{Arc, Mutex};
use loom::thread;
use runar_logging_bridge::{BatchLimits, Level, Limits, Queue, Record};

const ALL: BatchLimits = BatchLimits { records: usize::MAX, bytes: usize::MAX };

fn queue(records: usize, reserved_records: usize) -> Arc<Queue> {
    Arc::new(Queue::new(Limits { records, bytes: usize::MAX, reserved_records, reserved_bytes: 0 }))
}

fn record(level: Level) -> Record {
    Record::new(level, "loom", "x")
}

fn assert_accounts(queue: &Queue) {
    for counts in queue.counts() {
        assert_eq!(counts.accepted, counts.delivered + counts.dropped + counts.pending);
    }
}

#[test]
fn every_record_is_accounted_for_in_any_order() {
    loom::model(|| {
        let queue = queue(2, 1);
        let producers: Vec<_> = [vec![Level::Debug, Level::Error], vec![Level::Info]]
            .into_iter()
            .map(|levels| {
                let queue = queue.clone();
                thread::spawn(move || {
                    for level in levels {
                        let _ = queue.push(record(level));
                        assert_accounts(&queue);
                    }
                })
            })
            .collect();
        let taken = queue.take(BatchLimits { records: 1, ..ALL });
        assert_accounts(&queue);
        for producer in producers {
            producer.join().unwrap();
        }
        let rest = queue.take(ALL);
        let counts = queue.counts();
        for (level, counts) in counts.into_iter().enumerate() {
            assert_eq!(counts.pending, 0);
            assert_eq!(counts.delivered, taken.levels[level] + rest.levels[level]);
            assert_eq!(counts.dropped, taken.dropped[level] + rest.dropped[level]);
        }
        assert_eq!(counts.iter().map(|counts| counts.accepted).sum::<u64>(), 3);
        assert_eq!(counts[Level::Error as usize].dropped, 0, "it fits into the reserve");
    });
}

/// The consumer sleeps only when a `push` will wake it: no record stays unseen.
#[test]
fn no_wake_up_is_lost() {
    loom::model(|| {
        let queue = queue(8, 0);
        let bell = Arc::new(Mutex::new(false));
        let producers: Vec<_> = (0..2)
            .map(|_| {
                let (queue, bell) = (queue.clone(), bell.clone());
                thread::spawn(move || {
                    if queue.push(record(Level::Info)) {
                        *bell.lock().unwrap() = true;
                    }
                })
            })
            .collect();
        let consume = |bell: &Mutex<bool>| {
            let mut seen = 0;
            while std::mem::take(&mut *bell.lock().unwrap()) {
                loop {
                    let batch = queue.take(ALL);
                    if batch.records.is_empty() {
                        break;
                    }
                    seen += batch.records.len();
                }
            }
            seen
        };
        let during = consume(&bell);
        for producer in producers {
            producer.join().unwrap();
        }
        // No wake-up follows: records without one would never be taken.
        assert_eq!(during + consume(&bell), 2);
    });
}
