//! What becomes of a request: the order of the checks, the call, and the response.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use http::header::{HeaderValue, ACCESS_CONTROL_REQUEST_METHOD};
use http::request::Parts;
use http::{Method, Request};
use hyper::body::{Body, Incoming};

use super::authentication::{Asked, Authentication};
use super::body;
use super::budget::{Budget, Charge};
use super::calls::Calls;
use super::config::{GatewayConfig, Limits};
use super::endpoint::{Backend, Report};
use super::path::{action_path, BadPath};
use super::refusal::Refusal;
use super::response::{self, Reply};
use super::site::Site;
use super::table::{Action, Table};
use crate::error::{Code, Error, Result};
use crate::value;

const SAFE_METHODS: &str = "GET, HEAD, POST, OPTIONS";
const METHODS: &str = "POST, OPTIONS";

/// The two ends of a connection.
#[derive(Clone, Copy)]
pub struct Ends {
    pub local: SocketAddr,
    pub remote: SocketAddr,
}

pub struct Handler {
    site: Site,
    authentication: Authentication,
    table: Table,
    bodies: Budget,
    pub calls: Calls,
    pub limits: Limits,
    report: Report,
}

impl Handler {
    /// `path` is that of the gateway.
    pub fn new(
        config: GatewayConfig,
        path: &str,
        backend: Backend,
        report: Report,
    ) -> Result<Self> {
        let table = Table::new(backend.services, config.services.as_deref(), &config.safe)?;
        let authentication = match config.token {
            Some(token) => Authentication::Token(token),
            None if config.authenticates => Authentication::Hook {
                gateway: path.to_owned(),
                endpoint: backend.authenticate,
                timeout: config.limits.body_timeout,
            },
            None => Authentication::None,
        };
        Ok(Self {
            site: Site::new(&config.hosts, &config.origins),
            authentication,
            table,
            bodies: Budget::new(config.limits.max_body),
            calls: Calls::default(),
            limits: config.limits,
            report,
        })
    }

    pub async fn handle(
        self: Arc<Self>,
        request: Request<Incoming>,
        ends: Ends,
    ) -> std::result::Result<Reply, Infallible> {
        let (parts, mut body) = request.into_parts();
        let mut reply = match self.site.admit(&parts, ends.local) {
            Err(refusal) => self.refuse(&refusal, &parts),
            Ok(None) => self.answer(&parts, &mut body, ends).await,
            Ok(Some(origin)) => self.answer_page(&parts, &mut body, ends, origin).await,
        };
        if self.site.has_origins() {
            response::vary_by_origin(&mut reply);
        }
        // Reading makes a client go on that waits for `100 Continue`.
        if !body.is_end_stream() && !parts.headers.contains_key(http::header::EXPECT) {
            body::discard(&mut body, self.limits.max_body).await;
        }
        Ok(reply)
    }

    fn refuse(&self, refusal: &Refusal, parts: &Parts) -> Reply {
        response::failure(refusal, response::accepts_json(&parts.headers))
    }

    /// Answers a page of another origin that may call.
    async fn answer_page(
        &self,
        parts: &Parts,
        body: &mut Incoming,
        ends: Ends,
        origin: HeaderValue,
    ) -> Reply {
        // A preflight has no credentials.
        let is_preflight = parts.method == Method::OPTIONS
            && parts.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        let mut reply = if is_preflight {
            let mut reply = response::options(SAFE_METHODS);
            response::allow_preflight(&mut reply, SAFE_METHODS, &parts.headers);
            reply
        } else {
            self.answer(parts, body, ends).await
        };
        response::allow_origin(&mut reply, origin);
        reply
    }

    async fn answer(&self, parts: &Parts, body: &mut Incoming, ends: Ends) -> Reply {
        self.try_answer(parts, body, ends)
            .await
            .unwrap_or_else(|refusal| self.refuse(&refusal, parts))
    }

    async fn try_answer(
        &self,
        parts: &Parts,
        body: &mut Incoming,
        ends: Ends,
    ) -> std::result::Result<Reply, Refusal> {
        let path = action_path(parts.uri.path()).map_err(|problem| match problem {
            BadPath::Malformed => Refusal::bad_request("the path of the URL is malformed"),
            BadPath::Uncallable => Refusal::not_found(),
        })?;
        // Before anything is told of the path.
        let asked = Asked { parts, path: &path, remote: ends.remote.ip() };
        if let Err((refusal, failure)) = self.authentication.check(asked, &self.calls).await {
            if let Some(failure) = failure {
                (self.report)(&format!("Error authenticating a request of {path:?}: {failure}"));
            }
            return Err(refusal);
        }
        let action = self.table.find(&path).ok_or_else(Refusal::not_found)?;
        let allow = if action.is_safe { SAFE_METHODS } else { METHODS };
        // Kept until the call is answered: so long its payload is held somewhere.
        let mut charge = self.bodies.open();
        let payload = match parts.method {
            Method::POST => self.payload(parts, body, &mut charge).await?,
            Method::GET | Method::HEAD if action.is_safe => value::nothing().to_vec(),
            Method::OPTIONS => return Ok(response::options(allow)),
            _ => return Err(Refusal::method(allow)),
        };
        self.call(action, path, payload).await
    }

    /// The body in binary form.
    async fn payload(
        &self,
        parts: &Parts,
        body: &mut Incoming,
        charge: &mut Charge,
    ) -> std::result::Result<Vec<u8>, Refusal> {
        body::check_type(&parts.headers)?;
        let Limits { max_body, body_timeout, .. } = self.limits;
        let json = body::read(body, max_body, body_timeout, charge).await?;
        value::from_json_text(&json)
            .map_err(|error| Refusal::bad_request(format!("the body is no JSON: {error}")))
    }

    async fn call(
        &self,
        action: &Action,
        path: String,
        payload: Vec<u8>,
    ) -> std::result::Result<Reply, Refusal> {
        let answer = self.calls.call(&*action.endpoint, path.clone(), payload).await;
        let json = answer.and_then(|answer| {
            value::to_json_text(&answer).map_err(|what| {
                Error::new(Code::Value, format!("{path}: the result is no JSON: {what}"))
            })
        });
        json.map(response::result).map_err(|error| {
            (self.report)(&format!("Error calling action: '{path}': {error}"));
            Refusal::failed(error)
        })
    }
}
