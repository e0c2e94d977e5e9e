//! Eight producers at full speed, a consumer, and a look at the accounts at random moments.

#![cfg(not(loom))]
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use runar_logging_bridge::{BatchLimits, Level, Limits, PerLevel, Queue, Record};

const PRODUCERS: usize = 8;
/// An interpreter that looks for undefined behaviour takes its time.
const RECORDS: usize = if cfg!(miri) { 40 } else { 50_000 };
const LIMITS: Limits =
    Limits { records: 64, bytes: 64 << 10, reserved_records: 16, reserved_bytes: 16 << 10 };

/// Differs from run to run only by its seed, which a failure names.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[test]
fn the_accounts_are_right_at_every_moment_with_eight_producers() {
    let seed = u64::from(std::process::id());
    let queue = Queue::new(LIMITS);
    let running = AtomicUsize::new(PRODUCERS);
    let (mut taken, mut dropped, mut looks) = (PerLevel::default(), PerLevel::default(), 0);
    let mut last_of_producer = [[0; Level::ALL.len()]; PRODUCERS];
    thread::scope(|scope| {
        for producer in 0..PRODUCERS {
            let (queue, running) = (&queue, &running);
            scope.spawn(move || {
                let mut random = Random(seed + 1 + producer as u64);
                for number in 1..=RECORDS {
                    let level = Level::ALL[random.next() as usize % Level::ALL.len()];
                    let mut record = Record::new(level, "stress", "x");
                    record.fields.insert("producer".into(), producer.into());
                    record.fields.insert("number".into(), number.into());
                    let _ = queue.push(record);
                }
                running.fetch_sub(1, Ordering::Release);
            });
        }
        let mut random = Random(seed + 100);
        loop {
            let done = running.load(Ordering::Acquire) == 0;
            for (level, counts) in queue.counts().into_iter().enumerate() {
                assert_eq!(
                    counts.accepted,
                    counts.delivered + counts.dropped + counts.pending,
                    "level {level}, seed {seed}"
                );
                assert!(counts.pending <= LIMITS.records as u64);
                looks += 1;
            }
            let most = random.next() as usize % 100;
            let batch = queue.take(BatchLimits { records: most, bytes: 32 << 10 });
            for level in 0..Level::ALL.len() {
                taken[level] += batch.levels[level];
                dropped[level] += batch.dropped[level];
            }
            for record in &batch.records {
                let producer = record.fields["producer"].as_u64().unwrap() as usize;
                let number = record.fields["number"].as_u64().unwrap();
                let last = &mut last_of_producer[producer][record.level as usize];
                assert!(number > *last, "out of order, seed {seed}");
                *last = number;
            }
            if done && most > 0 && batch.records.is_empty() {
                break;
            }
        }
    });
    let counts = queue.counts();
    let accepted: u64 = counts.iter().map(|counts| counts.accepted).sum();
    assert_eq!(accepted, (PRODUCERS * RECORDS) as u64);
    assert!(looks > 0);
    for (level, counts) in counts.into_iter().enumerate() {
        assert_eq!(counts.pending, 0);
        assert_eq!((counts.delivered, counts.dropped), (taken[level], dropped[level]));
    }
}
