//! What a gateway answers: a result, a failure, or what a path allows.

use bytes::Bytes;
use http::header::{
    HeaderMap, HeaderValue, ACCEPT, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ALLOW,
    CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use http::{Response, StatusCode};
use http_body_util::Full;
use serde_json::json;

use super::refusal::Refusal;

pub type Reply = Response<Full<Bytes>>;

/// The media type of results.
const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";
/// How long a browser may remember what a path allows, in seconds.
const PREFLIGHT_AGE: &str = "600";

fn reply(status: StatusCode, body: impl Into<Bytes>, media_type: &'static str) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    reply
}

/// A result, in JSON.
pub fn result(json: Vec<u8>) -> Reply {
    reply(StatusCode::OK, json, JSON)
}

/// A failure, as text or, for clients that ask for it, as JSON.
pub fn failure(refusal: &Refusal, as_json: bool) -> Reply {
    let error = &refusal.error;
    let mut reply = if as_json {
        let body = json!({ "error": {
            "code": error.code.as_str(),
            "message": error.message,
            "retryable": error.code.is_retryable(),
        } });
        reply(refusal.status, body.to_string(), JSON)
    } else if refusal.is_failure {
        reply(refusal.status, format!("Service request error: {error}"), TEXT)
    } else {
        reply(refusal.status, error.message.clone(), TEXT)
    };
    if let Some(allow) = refusal.allow {
        reply.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    }
    if refusal.status == StatusCode::SERVICE_UNAVAILABLE {
        reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if refusal.status == StatusCode::UNAUTHORIZED {
        reply.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    reply
}

/// The methods of a path.
pub fn options(allow: &'static str) -> Reply {
    let mut reply = Response::new(Full::default());
    *reply.status_mut() = StatusCode::NO_CONTENT;
    reply.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    reply
}

/// Adds to the methods of a path what a browser asks before a page of another origin may call.
pub fn allow_preflight(reply: &mut Reply, allow: &'static str, request: &HeaderMap) {
    let headers = reply.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(allow));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT_AGE));
    if let Some(names) = request.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
}

/// Lets the pages of another origin read the response.
pub fn allow_origin(reply: &mut Reply, origin: HeaderValue) {
    reply.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
}

/// Tells caches that the response depends on the origin.
pub fn vary_by_origin(reply: &mut Reply) {
    reply.headers_mut().insert(VARY, HeaderValue::from_static("origin"));
}

/// Whether a client names JSON among what it accepts.
pub fn accepts_json(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let media_types = values.flat_map(|value| value.split(','));
    media_types
        .filter_map(|media_type| media_type.split(';').next())
        .any(|media_type| media_type.trim().eq_ignore_ascii_case(JSON))
}
