//! That an attack takes no memory, or gives back what it takes. To be looked at in `run_alone`.

use std::future::Future;

use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// More than the buffers of a few connections, and a small part of what these attacks are after.
const MAX_ALLOCATED: usize = 128 * 1024 * 1024;

/// What is left over when an attack has ended is less by far.
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
