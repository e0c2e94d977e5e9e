//! The Tokio runtime of the Runar core.
//!
//! One worker, and every upstream call is spawned onto it: the core's accept loop may end at once
//! on a runtime with more workers, and then the node never accepts a connection.

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Code, Error, Result};

static RUNTIME: OnceLock<std::result::Result<Runtime, String>> = OnceLock::new();

/// The runtime's handle; the first use starts the thread.
pub fn handle() -> Result<&'static Handle> {
    RUNTIME
        .get_or_init(|| {
            Builder::new_multi_thread()
                .worker_threads(1)
                .thread_name("runar")
                .enable_all()
                .build()
                .map_err(|error| error.to_string())
        })
        .as_ref()
        .map(Runtime::handle)
        .map_err(|error| {
            Error::new(Code::StartFailed, format!("The Runar thread could not be started: {error}"))
        })
}

pub fn spawn(future: impl Future<Output = ()> + Send + 'static) -> Result<()> {
    handle()?.spawn(future);
    Ok(())
}

/// Runs blocking work outside of the Runar thread.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    handle()?.spawn_blocking(work).await.map_err(|error| match error.try_into_panic() {
        Ok(payload) => Error::from_panic(payload),
        Err(error) => Error::new(Code::Panic, error.to_string()),
    })
}
