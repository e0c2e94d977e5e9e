//! The body of a request: its type, its size and its time.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{HeaderMap, CONTENT_ENCODING, CONTENT_TYPE};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use super::budget::Charge;
use super::refusal::Refusal;

/// How long the rest of a body is read that nobody wants, so that its sender gets the response.
const DISCARD_TIME: Duration = Duration::from_secs(1);

/// Refuses what is not JSON. Pages of other sites can send text and forms without asking first, but
/// not this type.
pub fn check_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(given), None) = (types.next(), types.next()) else {
        return Err(Refusal::media_type());
    };
    let given = given.to_str().unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_json = essence
        .strip_prefix("application/")
        .is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"));
    let is_utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    match is_json && is_utf8 && !headers.contains_key(CONTENT_ENCODING) {
        true => Ok(()),
        false => Err(Refusal::media_type()),
    }
}

/// Reads the body, up to a size and within a time. Its bytes are charged as they come.
pub async fn read(
    body: &mut Incoming,
    limit: usize,
    time: Duration,
    charge: &mut Charge,
) -> Result<Bytes, Refusal> {
    if body.size_hint().lower() > limit as u64 {
        return Err(Refusal::too_large(limit));
    }
    timeout(time, collect(body, limit, charge)).await.unwrap_or_else(|_| Err(Refusal::too_slow()))
}

async fn collect(body: &mut Incoming, limit: usize, charge: &mut Charge) -> Result<Bytes, Refusal> {
    let Some(first) = next(body).await? else { return Ok(Bytes::new()) };
    let mut all = BytesMut::new();
    let mut part = first;
    loop {
        if all.len() + part.len() > limit {
            return Err(Refusal::too_large(limit));
        }
        charge.add(part.len())?;
        // Most bodies come whole.
        if all.is_empty() && body.is_end_stream() {
            return Ok(part);
        }
        all.extend_from_slice(&part);
        match next(body).await? {
            Some(more) => part = more,
            None => return Ok(all.freeze()),
        }
    }
}

/// The next part that has data.
async fn next(body: &mut Incoming) -> Result<Option<Bytes>, Refusal> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Refusal::bad_request(error.to_string()))?;
        if let Ok(data) = frame.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

/// Reads on, up to a size and for a moment: a connection that is closed with something unread is
/// reset, and its client loses the response.
pub async fn discard(body: &mut Incoming, limit: usize) {
    let reading = async {
        let mut left = limit;
        while let Ok(Some(part)) = next(body).await {
            left = match left.checked_sub(part.len()) {
                Some(left) => left,
                None => break,
            };
        }
    };
    // Who sends more, or slower, is cut off.
    let _ = timeout(DISCARD_TIME, reading).await;
}
