//! Responses that a node of the core may ask for again: it sends a call once more when the
//! connection breaks under it, and the handler must not run twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::{BoxFuture, Shared};
use futures_util::FutureExt;

use crate::sync::lock;

/// The type and the value of a message.
pub type Response = (u32, Arc<Vec<u8>>);

/// A response, and when it was made.
type SharedResponse = Shared<BoxFuture<'static, (Response, Instant)>>;

/// How many bytes of completed responses are kept.
const MAX_CACHED_BYTES: usize = 16 * 1024 * 1024;

#[derive(Default)]
pub struct ResponseCache(Mutex<HashMap<String, SharedResponse>>);

impl ResponseCache {
    /// The response of a key, made by `make` unless there is one already.
    pub fn get_or_make(
        &self,
        key: String,
        ttl: Duration,
        make: impl FnOnce() -> BoxFuture<'static, Response>,
    ) -> SharedResponse {
        let now = Instant::now();
        let mut responses = lock(&self.0);
        responses.retain(|_, response| {
            response.peek().is_none_or(|(_, since)| now.duration_since(*since) <= ttl)
        });
        if let Some(response) = responses.get(&key) {
            return response.clone();
        }
        let mut completed: Vec<_> = responses
            .iter()
            .filter_map(|(key, response)| {
                response.peek().map(|((_, bytes), since)| (*since, bytes.len(), key.clone()))
            })
            .collect();
        let mut size: usize = completed.iter().map(|(_, size, _)| size).sum();
        completed.sort();
        // The oldest are dropped first; calls that still run stay, whatever their size will be.
        for (_, bytes, key) in completed {
            if size <= MAX_CACHED_BYTES {
                break;
            }
            size -= bytes;
            responses.remove(&key);
        }
        let response = make().map(|response| (response, Instant::now())).boxed().shared();
        responses.insert(key, response.clone());
        response
    }
}
