//! A check that an attack takes little memory and frees it. Only meaningful in `run_alone`.

use std::future::Future;

use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// More than the buffers of a few connections, and a small part of what these attacks claim.
const MAX_ALLOCATED: usize = 128 * 1024 * 1024;

/// The limit of what is left after an attack.
const MAX_KEPT: usize = 16 * 1024 * 1024;

pub async fn stays(attack: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    attack.await?;
    let (peak, after) = (HEAP.peak_usage(), HEAP.current_usage());
    assert!(peak.saturating_sub(before) < MAX_ALLOCATED, "{before} bytes became {peak}");
    assert!(after.saturating_sub(before) < MAX_KEPT, "{before} bytes became {after}");
    Ok(())
}
