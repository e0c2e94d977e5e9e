//! A Runar application as one writes it in Rust, for nodes of the SDK to meet in tests, examples
//! and measurements.
//!
//! The first line of its input has its settings, each further line a command, and the end of the
//! input ends it. It reports in lines of JSON on the standard output; the core's log records, at
//! the levels of `RUST_LOG`, go to the standard error stream.

mod commands;
mod frames;
mod measurements;
mod peers;
mod report;
mod services;
mod settings;
mod values;

use std::io::BufRead;
use std::process::ExitCode;

use anyhow::{Context, Result};
use runar_node::Node;
use serde_json::json;
use tokio::runtime::Builder;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::task::JoinSet;

use crate::commands::Next;
use crate::frames::{Calls, Frames, FramesService};
use crate::report::report;
use crate::settings::Settings;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(json!({ "event": "error", "message": format!("{error:#}") }));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    // The core's accept loop may end at once on a runtime with more than one worker, or when the
    // node is started outside of a task.
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let ended = runtime.block_on(runtime.spawn(live(input_lines())));
    // Tasks of the core, such as a connection under way, would hold the process up.
    runtime.shutdown_background();
    ended?
}

/// The lines of the input, read by a thread that ends with the process.
fn input_lines() -> UnboundedReceiver<String> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

async fn live(mut lines: UnboundedReceiver<String>) -> Result<()> {
    let first = lines.recv().await.context("expected the settings as the first line")?;
    let settings = Settings::parse(&first)?;
    let mut node = Node::new(settings.node_config()?).await?;
    let known = peers::Known::default();
    peers::watch(&node, &known).await?;
    if settings.services {
        services::add_to(&mut node).await?;
    }
    if settings.services && settings.frames {
        node.add_service(FramesService::default()).await?;
    }
    for topic in &settings.listen {
        commands::listen(&node, topic).await?;
    }
    let events = measurements::EventCounter::default();
    for topic in &settings.count {
        events.count(&node, topic).await?;
    }
    node.start().await?;
    node.wait_for_services_to_start().await?;

    let info = node.get_local_node_info().await?;
    report(json!({
        "event": "started",
        "node_id": node.node_id(),
        "public_key": hex::encode(&info.node_public_key),
        "address": info.addresses.first(),
    }));
    let calls = match settings.frames {
        true => Calls::Framed(Frames::over(node.clone())),
        false => Calls::Requests(Box::new(node.clone())),
    };
    let mut connecting = JoinSet::new();
    for peer in settings.peers {
        connecting.spawn(peers::keep_connected(node.clone(), peer));
    }
    while let Some(line) = lines.recv().await {
        if let Next::Stop = commands::run(&line, &node, &calls, &known, &events) {
            break;
        }
    }
    // The core does not stop while a connection is under way, which may take 30 seconds.
    connecting.shutdown().await;
    node.stop().await?;
    report(json!({ "event": "stopped" }));
    Ok(())
}
