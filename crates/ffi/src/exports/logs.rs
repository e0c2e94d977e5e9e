//! The exports of log records.

use napi_derive::napi;
use runar_logging_bridge::BatchLimits;

use crate::error::guard;
use crate::logs;

/// Takes queued records, as JSON in columns: at most `records`, and about `bytes` bytes. Empty when
/// there are none; the next record is then announced. Node 0 stands for records that name no node.
#[napi]
pub fn logs_take(isolate: u32, node: u32, records: u32, bytes: u32) -> napi::Result<String> {
    guard(|| {
        let limits = BatchLimits { records: records as usize, bytes: bytes as usize };
        logs::take(isolate, node, limits)
    })
}

/// The counts of the records of each level, lowest first, as JSON:
/// `[[accepted, taken, dropped, pending], …]`.
#[napi]
pub fn logs_counts(isolate: u32, node: u32) -> napi::Result<String> {
    guard(|| Ok(logs::counts(isolate, node)?.to_string()))
}

/// Forgets the records of a node after the last were taken.
#[napi]
pub fn logs_forget(node: u32) -> napi::Result<()> {
    guard(|| {
        logs::forget(node);
        Ok(())
    })
}

/// The log directives of the environment, as JSON: `{ default, named, problem }`.
#[napi]
pub fn log_directives() -> napi::Result<String> {
    guard(|| Ok(logs::directives().to_string()))
}
