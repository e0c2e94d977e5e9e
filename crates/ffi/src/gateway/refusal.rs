//! Requests that a gateway answers without a result.

use http::StatusCode;

use crate::error::{Code, Error};

/// The status, the error, and what else the response says.
#[derive(Debug)]
pub struct Refusal {
    pub status: StatusCode,
    pub error: Box<Error>,
    /// The methods that the path has.
    pub allow: Option<&'static str>,
    /// Whether the action itself has failed, and not only the request.
    pub is_failure: bool,
}

impl Refusal {
    fn new(status: StatusCode, code: Code, message: impl Into<String>) -> Self {
        let error = Box::new(Error::new(code, message));
        Self { status, error, allow: None, is_failure: false }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::InvalidArgument, message)
    }

    pub fn misdirected(host: &str) -> Self {
        let message = format!("this gateway does not answer for the host {host:?}");
        Self::new(StatusCode::MISDIRECTED_REQUEST, Code::InvalidArgument, message)
    }

    pub fn cross_site() -> Self {
        let message = "requests of pages of other sites are not answered";
        Self::new(StatusCode::FORBIDDEN, Code::NotAuthorized, message)
    }

    pub fn unauthorized() -> Self {
        let message = "the request was not authenticated";
        Self::new(StatusCode::UNAUTHORIZED, Code::NotAuthorized, message)
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::NotFound, "no action has this path")
    }

    pub fn method(allow: &'static str) -> Self {
        let message = format!("the method must be one of {allow}");
        let refusal = Self::new(StatusCode::METHOD_NOT_ALLOWED, Code::InvalidArgument, message);
        Self { allow: Some(allow), ..refusal }
    }

    pub fn media_type() -> Self {
        let message = "the content type must be application/json, without an encoding";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::InvalidArgument, message)
    }

    pub fn too_large(limit: usize) -> Self {
        let message = format!("the body has more than {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, message)
    }

    pub fn overloaded() -> Self {
        let message = "too many bodies are being answered; try again later";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::Overload, message)
    }

    pub fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, Code::Timeout, "the request took too long")
    }

    /// The action has failed.
    pub fn failed(error: Error) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self { status, error: Box::new(error), allow: None, is_failure: true }
    }
}
