//! A gateway from its start to its stop.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

use super::config::GatewayConfig;
use super::endpoint::{Backend, Report};
use super::handler::Handler;
use super::server::serve;
use crate::error::{Code, Error, Result};
use crate::sync::lock;

pub struct Gateway {
    config: GatewayConfig,
    serving: Mutex<Option<Serving>>,
}

struct Serving {
    /// Makes the thread end, also when it is dropped.
    stop: watch::Sender<bool>,
    ended: oneshot::Receiver<()>,
}

impl Gateway {
    pub fn new(config: GatewayConfig) -> Self {
        Self { config, serving: Mutex::default() }
    }

    /// Opens the port of the gateway at `path`. Returns the address that is listened on.
    pub async fn start(&self, path: &str, backend: Backend, report: Report) -> Result<SocketAddr> {
        let wanted = self.config.listen;
        let handler = Arc::new(Handler::new(self.config.clone(), path, backend, report)?);
        let (started, has_started) = oneshot::channel();
        let (stop, stopped) = watch::channel(false);
        let (end, ended) = oneshot::channel();
        let run = move || {
            let _end: oneshot::Sender<()> = end;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = match runtime {
                Ok(runtime) => runtime,
                Err(error) => return drop(started.send(Err(not_listening(wanted, &error)))),
            };
            runtime.block_on(async {
                let listener = match TcpListener::bind(wanted).await {
                    Ok(listener) => listener,
                    Err(error) => return drop(started.send(Err(not_listening(wanted, &error)))),
                };
                let address = listener.local_addr().map_err(|error| not_listening(wanted, &error));
                if started.send(address).is_ok() {
                    serve(listener, handler, stopped).await;
                }
            });
        };
        std::thread::Builder::new()
            .name("runar-gateway".to_owned())
            .spawn(run)
            .map_err(|error| not_listening(wanted, &error))?;
        let address = has_started.await.unwrap_or_else(|_| {
            Err(Error::new(Code::Panic, "The gateway's thread has ended with a panic"))
        })?;
        *lock(&self.serving) = Some(Serving { stop, ended });
        Ok(address)
    }

    /// Answers what was asked before, then closes the port.
    pub async fn stop(&self) {
        let serving = lock(&self.serving).take();
        if let Some(Serving { stop, ended }) = serving {
            drop(stop);
            // An error says the same: the thread has ended.
            let _ = ended.await;
        }
    }
}

fn not_listening(address: SocketAddr, reason: &dyn std::fmt::Display) -> Error {
    Error::new(Code::Listen, format!("{address} cannot be listened on: {reason}"))
        .with_details(json!({ "address": address.to_string() }))
}
