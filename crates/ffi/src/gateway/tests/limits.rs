//! Limits of size, time and number, and what a stop waits for.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{statuses, until_closed, Started, CLOSE};
use crate::value;

#[tokio::test]
async fn headers_are_limited() {
    let started = Started::new(json!({})).await;
    let header = format!("x: {}\r\n", "x".repeat(9_000));
    let answer = started.conversation(&started.post("/a/echo", &header, "1")).await;
    assert_eq!(statuses(&answer), ["431"]);
    // One that does not end is answered before it does.
    let mut socket = started.connect().await;
    let begin = format!("GET /a/safe HTTP/1.1\r\nhost: {}\r\n", started.address);
    socket.write_all(begin.as_bytes()).await.unwrap();
    let mut written = 0;
    // More than the buffers of the system take.
    while written < 1 << 26 && socket.write_all(header.as_bytes()).await.is_ok() {
        written += header.len();
    }
    assert!(written < 1 << 26, "the gateway took 64 MiB of headers");
    let many = "x: y\r\n".repeat(200);
    let answer = started.conversation(&started.post("/a/echo", &many, "1")).await;
    assert_eq!(statuses(&answer), ["431"]);
    assert_eq!(started.calls(), 0);
    started.gateway.stop().await;
}

#[tokio::test]
async fn bodies_are_limited() {
    let started = Started::new(json!({ "bodyTimeoutMs": 200 })).await;
    let fits = format!("\"{}\"", "x".repeat(998));
    let answer = started.conversation(&started.post("/a/echo", CLOSE, &fits)).await;
    assert_eq!(statuses(&answer), ["200"]);
    let answer = started.conversation(&started.post("/a/echo", CLOSE, &format!("{fits} "))).await;
    assert_eq!(statuses(&answer), ["413"]);
    let head = format!(
        "POST /a/echo HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n{CLOSE}",
        started.address
    );
    // Without a length it is counted as it comes.
    let chunks = "64\r\n".to_owned() + &" ".repeat(100) + "\r\n";
    let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n{}0\r\n\r\n", chunks.repeat(11));
    assert_eq!(statuses(&started.conversation(&chunked).await), ["413"]);
    for (length, status) in [("1099511627776", "413"), ("18446744073709551615", "431")] {
        let declared = format!("{head}content-length: {length}\r\n\r\n[");
        assert_eq!(statuses(&started.conversation(&declared).await), [status], "{length}");
    }
    // One that does not end.
    let half = format!("{head}content-length: 9\r\n\r\n[");
    assert_eq!(statuses(&started.conversation(&half).await), ["408"]);
    assert_eq!(started.calls(), 1);
    started.gateway.stop().await;
}

#[tokio::test]
async fn half_sent_requests_time_out_while_others_are_served() {
    let limits = json!({ "headersTimeoutMs": 500, "idleTimeoutMs": 300 });
    let started = Started::new(limits).await;
    let began = Instant::now();
    let mut slow = Vec::new();
    for _ in 0..600 {
        let mut socket = started.connect().await;
        socket.write_all(b"POST /a/echo HTTP/1.1\r\nhost: loc").await.unwrap();
        slow.push(socket);
    }
    let mut served = 0;
    let honest = async {
        loop {
            let answer = started.conversation(&started.post("/a/echo", CLOSE, "1")).await;
            assert_eq!(statuses(&answer), ["200"]);
            served += 1;
        }
    };
    let all_dropped = async {
        for socket in &mut slow {
            let answer = until_closed(socket).await;
            assert_eq!(statuses(&answer), ["408"], "{answer}");
        }
    };
    tokio::select! {
        () = all_dropped => {}
        () = honest => {}
    }
    assert!(served > 0, "no honest client was served meanwhile");
    assert!(began.elapsed() >= Duration::from_millis(500), "dropped too early");
    // A connection without a request, and one after a request.
    assert_eq!(until_closed(&mut started.connect().await).await, "");
    let answer = started.conversation(&started.post("/a/echo", "", "1")).await;
    assert_eq!(statuses(&answer), ["200"]);
    started.gateway.stop().await;
}

#[tokio::test]
async fn slow_bytes_do_not_extend_the_header_timeout() {
    let started = Started::new(json!({ "headersTimeoutMs": 300, "idleTimeoutMs": 200 })).await;
    let mut socket = started.connect().await;
    let began = Instant::now();
    let drip = async {
        while socket.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(5), drip).await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(300));
    started.gateway.stop().await;
}

#[tokio::test]
async fn idle_connections_make_room_for_new_ones() {
    let started = Started::new(json!({ "maxConnections": 3 })).await;
    let mut silent = Vec::new();
    for _ in 0..3 {
        silent.push(started.connect().await);
    }
    for _ in 0..5 {
        let answer = started.conversation(&started.post("/a/echo", CLOSE, "1")).await;
        assert_eq!(statuses(&answer), ["200"]);
    }
    // The oldest went first.
    assert_eq!(until_closed(&mut silent[0]).await, "");
    // Connections with a request in work are kept, and those that are too many are told so.
    let mut working = Vec::new();
    for count in 1..=3 {
        let mut socket = started.connect().await;
        socket.write_all(started.post("/a/wait", CLOSE, "1").as_bytes()).await.unwrap();
        while started.waiting.0.lock().unwrap().len() < count {
            tokio::task::yield_now().await;
        }
        working.push(socket);
    }
    let answer = until_closed(&mut started.connect().await).await;
    assert_eq!(statuses(&answer), ["503"]);
    for answered in std::mem::take(&mut *started.waiting.0.lock().unwrap()) {
        answered(Ok(value::nothing().to_vec()));
    }
    for socket in &mut working {
        assert_eq!(statuses(&until_closed(socket).await), ["200"]);
    }
    started.gateway.stop().await;
}

#[tokio::test]
async fn a_stop_answers_running_requests_and_drops_half_sent_ones() {
    let started = Started::new(json!({})).await;
    let mut working = started.connect().await;
    working.write_all(started.post("/a/wait", "", "1").as_bytes()).await.unwrap();
    let mut begun = started.connect().await;
    begun.write_all(b"GET /a/sa").await.unwrap();
    let mut fresh = started.connect().await;
    let mut idle = started.connect().await;
    idle.write_all(started.post("/a/echo", "", "1").as_bytes()).await.unwrap();
    while started.waiting.0.lock().unwrap().is_empty() || started.calls() == 0 {
        tokio::task::yield_now().await;
    }
    let answer_soon = async {
        assert_eq!(until_closed(&mut begun).await, "");
        assert_eq!(until_closed(&mut fresh).await, "");
        assert_eq!(statuses(&until_closed(&mut idle).await), ["200"]);
        let answered = started.waiting.0.lock().unwrap().pop().unwrap();
        answered(Ok(value::nothing().to_vec()));
        let answer = until_closed(&mut working).await;
        assert_eq!(statuses(&answer), ["200"]);
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    };
    tokio::join!(started.gateway.stop(), answer_soon);
    assert!(TcpStream::connect(&started.address).await.is_err());
}

#[tokio::test]
async fn an_unread_response_closes_the_connection() {
    let limit = 32 << 20;
    let started = Started::new(json!({ "maxBody": limit, "idleTimeoutMs": 200 })).await;
    let body = format!("\"{}\"", "x".repeat(limit - 2));
    let mut socket = started.connect().await;
    socket.write_all(started.post("/a/echo", "", &body).as_bytes()).await.unwrap();
    // A client that does not read, for longer than it may.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let answer = until_closed(&mut socket).await;
    assert!(answer.len() < limit, "the whole response was sent");
    started.gateway.stop().await;
}
