//! Methods, paths, types, tokens, and where a request ends.

use serde_json::json;

use super::{statuses, Started, CLOSE};

#[tokio::test]
async fn answers_by_path_and_method() {
    let started = Started::new(json!({})).await;
    for (method, path, status) in [
        ("GET", "/a/safe", "200"),
        ("HEAD", "/a/safe", "200"),
        ("GET", "/a/echo", "405"),
        ("HEAD", "/a/echo", "405"),
        ("PUT", "/a/echo", "405"),
        ("OPTIONS", "/a/echo", "204"),
        ("GET", "/a/none", "404"),
        ("GET", "/$keys/ensure_symmetric_key", "404"),
        ("GET", "/%24keys/ensure_symmetric_key", "404"),
        ("GET", "/a/item/a%2Fb", "404"),
        ("GET", "/a/%zz", "400"),
        ("OPTIONS", "*", "400"),
    ] {
        let text = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n{CLOSE}\r\n", started.address);
        let answer = started.conversation(&text).await;
        assert_eq!(statuses(&answer), [status], "{method} {path}: {answer}");
        if status == "405" {
            assert!(answer.contains("\r\nallow: POST, OPTIONS\r\n"), "{answer}");
        }
    }
    for (path, named) in
        [("user:7", "user:7"), ("::1", "::1"), ("a%20b", "a b"), ("%2520", "%20"), ("ü", "ü")]
    {
        let text = started.post(&format!("/a/item/{path}"), CLOSE, "null");
        let answer = started.conversation(&text).await;
        assert!(answer.ends_with(&format!("\r\n\r\n\"a/item/{named}\"")), "{path}: {answer}");
    }
    let answer = started.conversation(&started.post("/a/item/fixed", CLOSE, "7")).await;
    assert!(answer.ends_with("\r\n\r\n7"), "{answer}");
    started.gateway.stop().await;
}

#[tokio::test]
async fn takes_json_only() {
    let started = Started::new(json!({})).await;
    let post = |headers: &str| {
        format!(
            "POST /a/echo HTTP/1.1\r\nhost: {}\r\ncontent-length: 2\r\n{CLOSE}{headers}\r\n[]",
            started.address
        )
    };
    for (headers, status) in [
        ("content-type: application/json\r\n", "200"),
        ("content-type: Application/JSON; charset=\"UTF-8\"\r\n", "200"),
        ("content-type: application/merge-patch+json\r\n", "200"),
        ("", "415"),
        ("content-type: text/plain\r\n", "415"),
        ("content-type: text/json\r\n", "415"),
        ("content-type: application/x-www-form-urlencoded\r\n", "415"),
        ("content-type: multipart/form-data; boundary=application/json\r\n", "415"),
        ("content-type: application/json; charset=utf-16\r\n", "415"),
        ("content-type: application/json\r\ncontent-encoding: gzip\r\n", "415"),
        ("content-type: text/plain\r\ncontent-type: application/json\r\n", "415"),
    ] {
        let answer = started.conversation(&post(headers)).await;
        assert_eq!(statuses(&answer), [status], "{headers}: {answer}");
    }
    assert_eq!(started.calls(), 3);
    let accepts = "accept: text/html, application/json;q=0.5\r\n";
    let answer =
        started.conversation(&started.post("/a/echo", &format!("{accepts}{CLOSE}"), "{")).await;
    assert_eq!(statuses(&answer), ["400"]);
    assert!(answer.contains("{\"error\":{\"code\":\"ERR_RUNAR_INVALID_ARGUMENT\""), "{answer}");
    started.gateway.stop().await;
}

#[tokio::test]
async fn a_second_request_cannot_hide_in_a_body() {
    let started = Started::new(json!({})).await;
    let hidden = started.post("/a/echo", "", "1");
    let head = format!(
        "POST /a/echo HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n",
        started.address
    );
    // Two lengths, two ways to say the length, and lengths that are none.
    for lengths in [
        "content-length: 1\r\ncontent-length: 2\r\n",
        "content-length: 1, 2\r\n",
        "content-length: +1\r\n",
        "content-length: -1\r\n",
        "content-length: 0x1\r\n",
        "transfer-encoding: gzip\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "content-length : 1\r\n",
        "content-length: 1\r\n folded\r\n",
    ] {
        let answer = started.conversation(&format!("{head}{lengths}\r\n1{hidden}")).await;
        assert_eq!(statuses(&answer), ["400"], "{lengths}: {answer}");
    }
    assert_eq!(started.calls(), 0);
    // Of both, the chunks count, and nothing behind them: the connection is closed.
    for lengths in [
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
    ] {
        let before = started.calls();
        let answer =
            started.conversation(&format!("{head}{lengths}\r\n1\r\n7\r\n0\r\n\r\n{hidden}")).await;
        assert_eq!(statuses(&answer), ["200"], "{lengths}: {answer}");
        assert_eq!(started.calls(), before + 1, "{lengths}");
    }
    started.gateway.stop().await;
}

#[tokio::test]
async fn an_invalid_token_reveals_nothing() {
    let started = Started::new(json!({ "token": "0123456789abcdef" })).await;
    for (headers, status) in [
        ("", "401"),
        ("authorization: Bearer 0123456789abcdeF\r\n", "401"),
        ("authorization: Bearer 0123456789abcde\r\n", "401"),
        ("authorization: Bearer 0123456789abcdef0\r\n", "401"),
        ("authorization: Basic 0123456789abcdef\r\n", "401"),
        ("authorization: Bearer 0123456789abcdef\r\n", "200"),
        ("authorization: bearer 0123456789abcdef\r\n", "200"),
    ] {
        let text = started.post("/a/echo", &format!("{headers}{CLOSE}"), "1");
        assert_eq!(statuses(&started.conversation(&text).await), [status], "{headers}");
    }
    assert_eq!(started.calls(), 2);
    let answer = started.conversation(&started.post("/a/none", CLOSE, "1")).await;
    assert_eq!(statuses(&answer), ["401"]);
    assert!(answer.contains("\r\nwww-authenticate: Bearer\r\n"), "{answer}");
    started.gateway.stop().await;
}
