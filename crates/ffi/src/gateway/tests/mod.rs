//! A gateway, and clients that speak to it byte by byte.

#![allow(clippy::unwrap_used, clippy::panic)]

mod limits;
mod requests;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::config::GatewayConfig;
use super::endpoint::{Backend, Endpoint, ReachableService, ResponseCallback};
use super::service::Gateway;
use crate::error::{Code, Error};
use crate::peer_call::CancelOnDrop;
use crate::value;

/// Answers with its payload, and counts.
#[derive(Default)]
struct Echo(AtomicUsize);

impl Endpoint for Echo {
    fn call(&self, _path: String, payload: Vec<u8>, respond: ResponseCallback) -> CancelOnDrop {
        self.0.fetch_add(1, Ordering::SeqCst);
        respond(Ok(payload));
        CancelOnDrop::default()
    }
}

/// Answers with the path that it was called by.
struct Named;

impl Endpoint for Named {
    fn call(&self, path: String, _payload: Vec<u8>, respond: ResponseCallback) -> CancelOnDrop {
        respond(
            value::from_json_text(json!(path).to_string().as_bytes())
                .map_err(|error| Error::new(Code::Value, error.to_string())),
        );
        CancelOnDrop::default()
    }
}

/// Answers when it is told to.
#[derive(Default)]
struct Waiting(Mutex<Vec<ResponseCallback>>);

impl Endpoint for Waiting {
    fn call(&self, _path: String, _payload: Vec<u8>, respond: ResponseCallback) -> CancelOnDrop {
        self.0.lock().unwrap().push(respond);
        CancelOnDrop::default()
    }
}

struct Started {
    gateway: Gateway,
    address: String,
    echo: Arc<Echo>,
    waiting: Arc<Waiting>,
}

impl Started {
    async fn new(changes: serde_json::Value) -> Self {
        let mut config = json!({
            "listen": "127.0.0.1:0", "services": null, "safe": ["a/safe"], "hosts": [],
            "origins": [], "token": null, "authenticates": false,
            "limits": {
                "maxBody": 1_000, "maxHeaders": 8_192, "maxConnections": 1_000,
                "headersTimeoutMs": 10_000, "bodyTimeoutMs": 10_000, "idleTimeoutMs": 10_000,
            },
        });
        for (key, value) in changes.as_object().unwrap() {
            let limits = config["limits"].as_object_mut().unwrap();
            match limits.get_mut(key) {
                Some(limit) => *limit = value.clone(),
                None => config[key] = value.clone(),
            }
        }
        let config: GatewayConfig = serde_json::from_value(config).unwrap();
        let (echo, waiting) = (Arc::new(Echo::default()), Arc::new(Waiting::default()));
        let actions: Vec<(String, Arc<dyn Endpoint>)> = vec![
            ("echo".to_owned(), echo.clone()),
            ("safe".to_owned(), echo.clone()),
            ("wait".to_owned(), waiting.clone()),
            ("item/{id}".to_owned(), Arc::new(Named)),
            ("item/fixed".to_owned(), echo.clone()),
        ];
        let services =
            vec![ReachableService { path: "a".to_owned(), actions, is_javascript: true }];
        let gateway = Gateway::new(config);
        let backend = Backend { services, authenticate: echo.clone() };
        let address = gateway.start("web", backend, Box::new(|_| {})).await.unwrap();
        Self { gateway, address: address.to_string(), echo, waiting }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).await.unwrap()
    }

    fn calls(&self) -> usize {
        self.echo.0.load(Ordering::SeqCst)
    }

    fn post(&self, path: &str, headers: &str, body: &str) -> String {
        let length = body.len();
        format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n{headers}\r\n{body}",
            self.address
        )
    }

    /// All that the gateway answers on one connection to what is written at once.
    async fn conversation(&self, text: &str) -> String {
        let mut socket = self.connect().await;
        socket.write_all(text.as_bytes()).await.unwrap();
        until_closed(&mut socket).await
    }
}

async fn until_closed(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset ends the conversation as well.
    let read = timeout(Duration::from_secs(10), socket.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the connection was not closed");
    String::from_utf8_lossy(&bytes).into_owned()
}

const CLOSE: &str = "connection: close\r\n";

fn statuses(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)).collect()
}
