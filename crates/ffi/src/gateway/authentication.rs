//! Who may call: a token, or a function of the gateway's owner.

use std::net::IpAddr;
use std::time::Duration;

use http::header::{HeaderMap, AUTHORIZATION, COOKIE};
use http::request::Parts;
use serde_json::{json, Map, Value};
use subtle::ConstantTimeEq;
use tokio::time::timeout;

use super::calls::Calls;
use super::endpoint::Endpoint;
use super::refusal::Refusal;
use crate::value::{self, ArcValue};

const BEARER: &[u8] = b"bearer ";

pub enum Authentication {
    None,
    Token(String),
    /// Asks JavaScript.
    Hook {
        gateway: String,
        endpoint: std::sync::Arc<dyn Endpoint>,
        timeout: Duration,
    },
}

/// What is known of a request before its body is read.
pub struct Asked<'a> {
    pub parts: &'a Parts,
    /// The path of the action that would be called.
    pub path: &'a str,
    pub remote: IpAddr,
}

impl Authentication {
    /// Refuses with 401. An `Err` with a text says that the check itself has failed.
    pub async fn check(
        &self,
        asked: Asked<'_>,
        calls: &Calls,
    ) -> Result<(), (Refusal, Option<String>)> {
        let refused = |failure| Err((Refusal::unauthorized(), failure));
        match self {
            Self::None => Ok(()),
            Self::Token(token) => match has_token(&asked.parts.headers, token) {
                true => Ok(()),
                false => refused(None),
            },
            Self::Hook { gateway, endpoint, timeout: time } => {
                let payload = match value::from_core(&ArcValue::new_json(described(&asked)), None) {
                    Ok(payload) => payload,
                    Err(error) => return refused(Some(error.to_string())),
                };
                let answer = calls.call(&**endpoint, gateway.clone(), payload);
                match timeout(*time, answer).await {
                    Ok(Ok(answer)) if value::is_true(&answer) => Ok(()),
                    Ok(Ok(_)) => refused(None),
                    Ok(Err(error)) => refused(Some(error.to_string())),
                    Err(_) => refused(Some(format!("no answer within {} ms", time.as_millis()))),
                }
            }
        }
    }
}

/// Compared in a time that does not tell how much of it was right.
fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let value = value.as_bytes();
    value.len() >= BEARER.len()
        && value[..BEARER.len()].eq_ignore_ascii_case(BEARER)
        && bool::from(value[BEARER.len()..].ct_eq(token.as_bytes()))
}

fn described(asked: &Asked<'_>) -> Value {
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in &asked.parts.headers {
        let text: String = match value.to_str() {
            Ok(text) => text.to_owned(),
            // As Node has them.
            Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
        };
        match headers.get_mut(name.as_str()) {
            Some(Value::String(known)) => {
                known.push_str(if name == COOKIE { "; " } else { ", " });
                known.push_str(&text);
            }
            _ => drop(headers.insert(name.as_str().to_owned(), Value::String(text))),
        }
    }
    json!({
        "method": asked.parts.method.as_str(),
        "path": asked.path,
        "headers": headers,
        "remoteAddress": asked.remote.to_canonical().to_string(),
    })
}
