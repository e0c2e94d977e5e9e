//! What a caller must be ready for.

use std::time::Duration;

use anyhow::{anyhow, Result};
use runar_macros::{action, service};

#[service(
    name = "Trouble",
    path = "trouble",
    description = "Fails in every way",
    version = "1.0.0"
)]
pub struct TroubleService;

#[service]
impl TroubleService {
    #[action]
    async fn fail(&self, message: String) -> Result<String> {
        Err(anyhow!(message))
    }

    #[action]
    #[allow(clippy::panic)]
    async fn panic(&self, message: String) -> Result<String> {
        panic!("{message}")
    }

    #[action]
    async fn never(&self) -> Result<String> {
        std::future::pending().await
    }

    #[action]
    async fn slow(&self, milliseconds: i64) -> Result<i64> {
        tokio::time::sleep(Duration::from_millis(milliseconds.unsigned_abs())).await;
        Ok(milliseconds)
    }

    /// More than about 281,000 bytes do not fit the core's frame, and end the connection.
    #[action]
    async fn large(&self, bytes: i64) -> Result<String> {
        const MAX_BYTES: u64 = 16 * 1024 * 1024;
        let bytes = bytes.unsigned_abs().min(MAX_BYTES);
        Ok("x".repeat(usize::try_from(bytes)?))
    }
}
