//! Calls as frames in ordinary requests, in the thinnest form: the baseline for the SDK's sessions,
//! which have a connection of their own.
//!
//! A request carries a piece of the stream of calls, however many they are, and its answer a piece
//! of the stream of replies: those that were quick, and those of earlier calls. Each frame is a
//! line of JSON.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{anyhow, Context, Result};
use runar_node::services::LifecycleContext;
use runar_node::{AbstractService, Node, RequestContext};
use runar_serializer::ArcValue;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use crate::report::report;
use crate::values;

/// What a request or an answer carries at most: about 281,000 bytes fit into what the core sends.
const PIECE: usize = 256 * 1024;

/// How long an answer waits for replies.
const QUICK: Duration = Duration::from_millis(1);

/// Its number, the path, and the payload.
type Call = (u32, String, Value);

/// The number of the call, and the answer or what went wrong.
type Reply = (u32, std::result::Result<Value, String>);

fn put(stream: &mut Vec<u8>, frame: impl serde::Serialize) -> Result<()> {
    serde_json::to_writer(&mut *stream, &frame)?;
    stream.push(b'\n');
    Ok(())
}

fn take_piece(stream: &mut Vec<u8>) -> Vec<u8> {
    let length = stream.len().min(PIECE);
    stream.drain(..length).collect()
}

/// The frames that are whole.
fn take_frames<T: serde::de::DeserializeOwned>(stream: &mut Vec<u8>) -> Result<Vec<T>> {
    let Some(end) = stream.iter().rposition(|byte| *byte == b'\n') else {
        return Ok(Vec::new());
    };
    let lines: Vec<u8> = stream.drain(..=end).collect();
    lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| Ok(serde_json::from_slice(line)?))
        .collect()
}

/// The end that is called; it has one caller.
#[derive(Default)]
pub struct FramesService(Arc<Called>);

#[derive(Default)]
struct Called {
    calls: Mutex<Vec<u8>>,
    replies: Mutex<Vec<u8>>,
    running: watch::Sender<usize>,
}

fn lock(stream: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Called {
    async fn burst(self: Arc<Self>, piece: &[u8], context: RequestContext) -> Result<Vec<u8>> {
        let calls: Vec<Call> = {
            let mut stream = lock(&self.calls);
            stream.extend_from_slice(piece);
            take_frames(&mut stream)?
        };
        let context = Arc::new(context);
        self.running.send_modify(|running| *running += calls.len());
        for call in calls {
            let (called, context) = (self.clone(), context.clone());
            tokio::spawn(async move {
                if let Err(error) = called.serve(call, &context).await {
                    report(serde_json::json!({ "event": "error", "message": error.to_string() }));
                }
                called.running.send_modify(|running| *running -= 1);
            });
        }
        let mut running = self.running.subscribe();
        // What takes longer goes with a later answer.
        let _ = timeout(QUICK, running.wait_for(|running| *running == 0)).await;
        Ok(take_piece(&mut lock(&self.replies)))
    }

    async fn serve(&self, (number, path, payload): Call, context: &RequestContext) -> Result<()> {
        let answer = context.request(&path, values::from_json(payload)).await;
        let answer = answer.and_then(values::to_json).map_err(|error| format!("{error:#}"));
        let reply: Reply = (number, answer);
        put(&mut lock(&self.replies), reply)
    }
}

#[async_trait::async_trait]
impl AbstractService for FramesService {
    fn name(&self) -> &str {
        "Frames"
    }

    fn version(&self) -> &str {
        "1.0.0"
    }

    fn path(&self) -> &str {
        "frames"
    }

    fn description(&self) -> &str {
        "Calls as frames in ordinary requests"
    }

    fn network_id(&self) -> Option<String> {
        None
    }

    fn set_network_id(&mut self, _network_id: String) {}

    async fn init(&self, context: LifecycleContext) -> Result<()> {
        let called = self.0.clone();
        let burst = move |payload: Option<ArcValue>, context| {
            let called = called.clone();
            Box::pin(async move {
                let piece = payload.context("a piece of the stream of calls")?;
                let replies = called.burst(&piece.as_bytes_ref()?, context).await?;
                Ok(ArcValue::new_bytes(replies))
            }) as _
        };
        context.register_action("burst", Arc::new(burst)).await
    }

    async fn start(&self, _context: LifecycleContext) -> Result<()> {
        Ok(())
    }

    async fn stop(&self, _context: LifecycleContext) -> Result<()> {
        Ok(())
    }
}

/// The end that calls.
#[derive(Clone)]
pub struct Frames(mpsc::UnboundedSender<PendingRequest>);

struct PendingRequest {
    path: String,
    payload: Value,
    respond: oneshot::Sender<std::result::Result<Value, String>>,
}

impl Frames {
    pub fn over(node: Node) -> Self {
        let (asking, asked) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            if let Err(error) = carry(&node, asked).await {
                report(serde_json::json!({ "event": "error", "message": format!("{error:#}") }));
            }
        });
        Self(asking)
    }

    pub async fn call(&self, path: &str, payload: Value) -> Result<Value> {
        let (respond, answer) = oneshot::channel();
        self.0.send(PendingRequest { path: path.to_owned(), payload, respond })?;
        answer.await?.map_err(|error| anyhow!(error))
    }
}

/// Carries calls until their sender is dropped. The core serves one request of a peer at a time, so
/// calls made meanwhile go with the next.
async fn carry(node: &Node, mut asked: mpsc::UnboundedReceiver<PendingRequest>) -> Result<()> {
    let (mut calls, mut replies) = (Vec::new(), Vec::new());
    let mut waiting = HashMap::new();
    let mut last = 0;
    loop {
        let mut next = match waiting.is_empty() {
            true => asked.recv().await,
            false => asked.try_recv().ok(),
        };
        if next.is_none() && waiting.is_empty() {
            return Ok(());
        }
        while let Some(PendingRequest { path, payload, respond }) = next {
            last += 1;
            let call: Call = (last, path, payload);
            put(&mut calls, call)?;
            waiting.insert(last, respond);
            next = asked.try_recv().ok();
        }
        let piece = ArcValue::new_bytes(take_piece(&mut calls));
        let answer = node.request("frames/burst", Some(piece)).await?;
        replies.extend_from_slice(&answer.as_bytes_ref()?);
        for (number, answer) in take_frames::<Reply>(&mut replies)? {
            if let Some(respond) = waiting.remove(&number) {
                // The receiver is gone when the caller waits no longer.
                let _ = respond.send(answer);
            }
        }
    }
}

/// How the calls that are measured reach a peer.
#[derive(Clone)]
pub enum Calls {
    Requests(Box<Node>),
    Framed(Frames),
}

impl Calls {
    pub async fn call(&self, path: &str, payload: Value) -> Result<Value> {
        match self {
            Self::Requests(node) => {
                values::to_json(node.request(path, values::from_json(payload)).await?)
            }
            Self::Framed(frames) => frames.call(path, payload).await,
        }
    }
}
