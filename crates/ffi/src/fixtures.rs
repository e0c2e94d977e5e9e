//! Rust services, planted faults and Rust-to-Rust loops for the tests and benchmarks. Only in
//! builds with the feature `test-fixtures`, which are never shipped.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use napi_derive::napi;
use runar_node::services::service_registry::EventHandler;
use runar_node::services::LifecycleContext;
use runar_node::{AbstractService, RequestContext};
use serde_json::{json, Value};

use crate::call::{CallKind, CurrentCall, Outcome};
use crate::config::Config;
use crate::core::{ArcValue, Core, ServiceEntry};
use crate::crossing;
use crate::error::{guard, Code, Error, Result};
use crate::node::{self, written};

/// What the Rust subscriber to `heard/*` has heard and nobody has asked for yet.
static HEARD: Mutex<Vec<Value>> = Mutex::new(Vec::new());

/// A service as a Rust user would write it, with an action for each thing a caller can meet.
struct FixtureService;

#[async_trait::async_trait]
impl AbstractService for FixtureService {
    fn name(&self) -> &str {
        "fixture"
    }

    fn version(&self) -> &str {
        "1.0.0"
    }

    fn path(&self) -> &str {
        "fixture"
    }

    fn description(&self) -> &str {
        "A Rust service for the tests"
    }

    fn network_id(&self) -> Option<String> {
        None
    }

    fn set_network_id(&mut self, _network_id: String) {}

    async fn init(&self, context: LifecycleContext) -> anyhow::Result<()> {
        for name in
            ["add", "echo", "fail", "panic", "block", "relay", "relay_spawned", "publish", "heard"]
        {
            context
                .register_action(
                    name,
                    Arc::new(move |payload, context| Box::pin(act(name, payload, context))),
                )
                .await?;
        }
        let hear: EventHandler = Arc::new(|context, value| {
            Box::pin(async move {
                let value = value.unwrap_or_else(ArcValue::null).to_json()?;
                crossing::lock(&HEARD).push(json!([context.topic_path.action_path(), value]));
                Ok(())
            })
        });
        context.subscribe("heard/*", hear, None).await.map(drop)
    }

    async fn start(&self, _context: LifecycleContext) -> anyhow::Result<()> {
        Ok(())
    }

    async fn stop(&self, _context: LifecycleContext) -> anyhow::Result<()> {
        Ok(())
    }
}

async fn act(
    name: &str,
    payload: Option<ArcValue>,
    context: RequestContext,
) -> anyhow::Result<ArcValue> {
    let payload = payload.unwrap_or_else(ArcValue::null);
    match name {
        "add" => {
            let numbers = payload.as_json_ref()?;
            let sum = numbers[0].as_f64().unwrap_or(0.0) + numbers[1].as_f64().unwrap_or(0.0);
            Ok(ArcValue::new_primitive(sum))
        }
        "echo" => Ok(payload),
        "fail" => Err(anyhow::anyhow!("the fixture failed")),
        #[allow(clippy::panic)]
        "panic" => panic!("the fixture panicked"),
        "block" => {
            let milliseconds = payload.as_json_ref()?.as_u64().unwrap_or(0);
            std::thread::sleep(Duration::from_millis(milliseconds));
            Ok(ArcValue::null())
        }
        // `[topic, value]`: an event that Rust publishes.
        "publish" => {
            let event = payload.as_json_ref()?;
            let topic = event[0].as_str().unwrap_or_default();
            context.publish(topic, Some(ArcValue::new_json(event[1].clone()))).await?;
            Ok(ArcValue::null())
        }
        "heard" => Ok(ArcValue::new_json(crossing::lock(&HEARD).drain(..).collect())),
        // `[path, payload]`: what a Rust caller of a JavaScript action does.
        _ => {
            let request = payload.as_json_ref()?;
            let path = request[0].as_str().unwrap_or_default().to_owned();
            let payload = Some(ArcValue::new_json(request[1].clone()));
            if name == "relay" {
                return context.request(&path, payload).await;
            }
            // A task of its own: nothing tells any more on whose behalf it works.
            tokio::spawn(async move { context.request(&path, payload).await }).await?
        }
    }
}

/// Panics, to prove the guard.
#[napi]
#[allow(clippy::panic)]
pub fn fixture_panic() -> napi::Result<()> {
    guard(|| panic!("planted in an export"))
}

/// Panics in a future that is polled on the isolate's own thread.
#[napi]
#[allow(clippy::panic)]
pub fn fixture_panic_when_polled(isolate: u32, call: u32) -> napi::Result<()> {
    guard(|| {
        let isolate = crossing::find(isolate)?;
        let call = CurrentCall { isolate: isolate.id, node: 0, call, kind: CallKind::Translated };
        isolate.run_here(call, async { panic!("planted in a polled future") });
        Ok(())
    })
}

/// Loses memory, to prove that the soak notices.
#[napi]
pub fn fixture_leak(bytes: u32) -> napi::Result<()> {
    guard(|| {
        Box::leak(vec![1u8; bytes as usize].into_boxed_slice());
        Ok(())
    })
}

/// Writes a record as the core does, or one that names no node (0), or an event of `tracing`.
#[napi]
pub fn fixture_log(node: u32, level: String, text: String, traced: bool) -> napi::Result<()> {
    guard(|| {
        if traced {
            let span = tracing::info_span!("fixture", node);
            span.in_scope(|| tracing::warn!(target: "runar_fixture", text, "traced"));
            return Ok(());
        }
        write_log(node, level.parse().map_err(failed)?, &text);
        Ok(())
    })
}

fn write_log(node: u32, level: log::Level, text: &str) {
    if node == 0 {
        log::log!(target: "runar_fixture", level, "{text}");
    } else {
        log::log!(target: "runar_common::logging", level, "[node#{node}][Fixture] {text}");
    }
}

/// Writes `count` records on each of so many threads, at full speed; every `error_every`th is an
/// error, the others are information. Settles with how many were written in a second.
#[napi]
pub fn fixture_log_flood(
    node: u32,
    call: u32,
    threads: u32,
    count: u32,
    error_every: u32,
) -> napi::Result<()> {
    guard(|| {
        node::find(node)?.settle_later(call, async move {
            let began = Instant::now();
            // Threads of their own: the one of the core has the calls to serve.
            let flood = move || {
                std::thread::scope(|scope| {
                    for _ in 0..threads {
                        scope.spawn(|| {
                            for number in 1..=count {
                                let is_error = error_every > 0 && number % error_every == 0;
                                let level =
                                    if is_error { log::Level::Error } else { log::Level::Info };
                                write_log(node, level, "a line of the flood");
                            }
                        });
                    }
                });
            };
            tokio::task::spawn_blocking(flood).await.map_err(failed)?;
            let rate = f64::from(threads * count) / began.elapsed().as_secs_f64();
            written(ArcValue::new_primitive(rate))
        })
    })
}

/// Adds the service `fixture` to a running node.
#[napi]
pub fn fixture_add_service(node: u32, call: u32) -> napi::Result<()> {
    guard(|| {
        let node = node::find(node)?;
        let core = node.core().clone();
        node.settle_later(call, async move {
            core.add_upstream(FixtureService).await?;
            written(ArcValue::null())
        })
    })
}

/// Calls a path from Rust `count` times with `[2, 3]`, `in_flight` at a time, and settles with how
/// many calls were answered in a second.
#[napi]
pub fn fixture_requests(
    node: u32,
    call: u32,
    path: String,
    count: u32,
    in_flight: u32,
) -> napi::Result<()> {
    guard(|| {
        let node = node::find(node)?;
        let core = node.core().clone();
        node.settle_later(call, async move {
            let began = Instant::now();
            let each = count / in_flight.max(1);
            let workers: Vec<_> = (0..in_flight.max(1))
                .map(|_| tokio::spawn(request_in_turn(core.clone(), path.clone(), each)))
                .collect();
            for worker in workers {
                worker.await.map_err(failed)?.map_err(failed)?;
            }
            let rate = f64::from(each * in_flight.max(1)) / began.elapsed().as_secs_f64();
            written(ArcValue::new_primitive(rate))
        })
    })
}

async fn request_in_turn(core: Arc<Core>, path: String, count: u32) -> anyhow::Result<()> {
    for _ in 0..count {
        core.request(&path, Some(ArcValue::new_json(json!([2, 3])))).await?;
    }
    Ok(())
}

/// Creates, starts and stops `count` nodes with a service each, in Rust alone.
#[napi]
pub fn fixture_lifecycles(isolate: u32, call: u32, count: u32) -> napi::Result<()> {
    guard(|| {
        let isolate = crossing::find(isolate)?;
        let call = CurrentCall { isolate: isolate.id, node: 0, call, kind: CallKind::Translated };
        isolate.run_spawned(call, async move { Outcome::from(lifecycles(count).await) });
        Ok(())
    })
}

async fn lifecycles(count: u32) -> Result<Vec<u8>> {
    for _ in 0..count {
        let core = Core::new("fixture".to_owned(), Config::default());
        core.start(vec![ServiceEntry {
            name: "math-service".to_owned(),
            path: "math".to_owned(),
            version: "1.0.0".to_owned(),
            description: String::new(),
            actions: vec![(
                "add".to_owned(),
                Arc::new(|_, _| Box::pin(async { Ok(ArcValue::new_json(Value::from(5))) })),
            )],
        }])
        .await?;
        core.stop().await?;
    }
    written(ArcValue::null())
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::new(Code::Action, error.to_string())
}
