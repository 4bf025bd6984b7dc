//! Heads that nobody can handle, and those that only look like it.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use crate::{connect, echo, exchange, gated, rest, start};

/// A request, and the status code and name of what is wrong with it.
const REFUSED: &[(&str, u16, &str)] = &[
    // RFC 9112 §3: "request-line = method SP request-target SP HTTP-version"
    ("GET /\r\n\r\n", 400, "request-line"),
    ("GET\r\n\r\n", 400, "request-line"),
    ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request-line"),
    ("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request-line"),
    ("GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400, "request-line"),
    ("GET / http/1.1\r\nHost: x\r\n\r\n", 400, "request-line"),
    ("GET / HTTP/1.10\r\nHost: x\r\n\r\n", 400, "request-line"),
    (" GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request-line"),
    ("G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "method"),
    (
        "GET /\u{1}a HTTP/1.1\r\nHost: x\r\n\r\n",
        400,
        "control-character",
    ),
    ("GET a:b:c HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"),
    // RFC 9112 §3.2: the four forms of a target, of which two go with one method each.
    ("GET path HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"),
    ("GET x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"),
    ("GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"),
    ("GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"),
    ("CONNECT /a HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"),
    (
        "CONNECT http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
        400,
        "target",
    ),
    // RFC 9110 §9.3.6
    ("CONNECT x HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"),
    ("CONNECT x: HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"),
    ("CONNECT x:99999 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"),
    // RFC 9110 §4.2.4: a recipient SHOULD treat the presence of userinfo as an error.
    (
        "GET http://u:p@x/ HTTP/1.1\r\nHost: x\r\n\r\n",
        400,
        "target",
    ),
    // RFC 9110 §15.6.6
    ("GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505, "version"),
    ("GET / HTTP/0.9\r\nHost: x\r\n\r\n", 505, "version"),
    // RFC 9112 §2.2: "A recipient of such a bare CR MUST consider that element to be invalid"
    ("GET / HTTP/1.1\rHost: x\r\n\r\n", 400, "bare-cr"),
    (
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n",
        400,
        "bare-cr",
    ),
    (
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n",
        400,
        "control-character",
    ),
    ("\u{16}\u{3}\u{1}", 400, "control-character"),
    // RFC 9112 §5
    (
        "GET / HTTP/1.1\r\nHost: x\r\nA B: c\r\n\r\n",
        400,
        "field-name",
    ),
    (
        "GET / HTTP/1.1\r\nHost: x\r\n: c\r\n\r\n",
        400,
        "field-name",
    ),
    (
        "GET / HTTP/1.1\r\nHost: x\r\nnothing\r\n\r\n",
        400,
        "field-without-colon",
    ),
    (
        "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n",
        400,
        "space-before-colon",
    ),
    (
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
        400,
        "line-folding",
    ),
    ("GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400, "line-folding"),
    // RFC 9112 §3.2
    ("GET / HTTP/1.1\r\n\r\n", 400, "host-missing"),
    (
        "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
        400,
        "host-repeated",
    ),
    (
        "GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n",
        400,
        "host-repeated",
    ),
    ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "host"),
    ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "host"),
    ("GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400, "host"),
    ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "host"),
    ("GET / HTTP/1.1\r\nHost: [x]\r\n\r\n", 400, "host"),
    // RFC 9112 §6.3
    (
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        400,
        "length-and-coding",
    ),
    (
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        400,
        "content-lengths-differ",
    ),
    (
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\n",
        400,
        "content-length",
    ),
    (
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\n",
        400,
        "content-length",
    ),
    (
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        400,
        "content-length",
    ),
    (
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n",
        400,
        "content-length",
    ),
    (
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        400,
        "content-length",
    ),
    (
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        400,
        "coding-not-chunked",
    ),
    (
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
        400,
        "coding-not-chunked",
    ),
    (
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        400,
        "coding-not-chunked",
    ),
    (
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
        400,
        "coding-not-chunked",
    ),
    (
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n\r\n",
        400,
        "coding-not-chunked",
    ),
    // RFC 9112 §6.1
    (
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        501,
        "unknown-coding",
    ),
    (
        "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        400,
        "coding-in-http-1-0",
    ),
];

/// Requests that are in order, however strange.
const TAKEN: &[&str] = &[
    "GET / HTTP/1.1\nHost: x\n\n",
    "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.7\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost:\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a%20b:\r\n\r\n",
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /?a={b}|^ HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nA:\t b\tc \r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
    "!#$%&'*+-.^_`|~ / HTTP/1.1\r\nHost: x\r\n\r\n",
];

const LAST: &str = "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn each_fault_has_its_status() {
    let address = start(echo, gated()).await;
    for (request, status, code) in REFUSED {
        let (answer, error) = exchange(address, request).await;
        let expected = format!("HTTP/1.1 {status} \r\ncontent-length: ");
        assert!(answer.starts_with(&expected), "{request:?}: {answer}");
        assert!(
            answer.contains(&format!("\r\n\r\n{code}: ")),
            "{request:?}: {answer}"
        );
        assert!(
            answer.contains("\r\nconnection: close\r\ndate: "),
            "{request:?}: {answer}"
        );
        assert_eq!(error, None, "{request:?}");
    }
}

#[tokio::test]
async fn what_is_in_order_is_served() {
    let address = start(echo, gated()).await;
    for request in TAKEN {
        let (answer, error) = exchange(address, &format!("{request}{LAST}")).await;
        assert_eq!(
            answer.matches(" 200 OK\r\n").count(),
            2,
            "{request:?}: {answer}"
        );
        assert!(answer.ends_with("[GET /last +0]"), "{request:?}: {answer}");
        assert_eq!(error, None, "{request:?}");
    }
}

#[tokio::test]
async fn limits_hold_to_the_byte() {
    let options = gated();
    let limits = options.limits;
    let address = start(echo, options).await;
    let target = |bytes: usize| {
        format!(
            "GET /{} HTTP/1.1\r\nHost: x\r\n\r\n{LAST}",
            "a".repeat(bytes - 1)
        )
    };
    let fields = |bytes: usize| {
        let name = "Host: x\r\nA: \r\n".len();
        format!(
            "GET / HTTP/1.1\r\nHost: x\r\nA: {}\r\n\r\n{LAST}",
            "a".repeat(bytes - name)
        )
    };
    let lines = |count: usize| {
        format!(
            "GET / HTTP/1.1\r\nHost: x\r\n{}\r\n{LAST}",
            "A: b\r\n".repeat(count - 1)
        )
    };
    let method =
        |bytes: usize| format!("{} / HTTP/1.1\r\nHost: x\r\n\r\n{LAST}", "A".repeat(bytes));
    for (fits, does_not, status) in [
        (
            target(limits.target_bytes),
            target(limits.target_bytes + 1),
            414,
        ),
        (
            fields(limits.fields_bytes),
            fields(limits.fields_bytes + 1),
            431,
        ),
        (lines(limits.fields), lines(limits.fields + 1), 431),
        (method(64), method(65), 501),
        (target(9), "A".repeat(1_000_000), 501),
        (target(9), format!("GET /{}", "a".repeat(1_000_000)), 414),
        (
            target(9),
            format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(1_000_000)),
            431,
        ),
    ] {
        let (answer, _) = exchange(address, &fits).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        let (answer, error) = exchange(address, &does_not).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{status}: {answer}"
        );
        assert_eq!(error, None, "{status}");
    }
}

#[tokio::test]
async fn earlier_responses_are_untouched_and_later_requests_unread() {
    let address = start(echo, gated()).await;
    for (request, status, _) in REFUSED {
        let before = "POST /before HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
        let (answer, _) = exchange(address, &format!("{before}{before}{request}{LAST}")).await;
        let mut parts = answer.split("[POST /before abc+0]");
        let both = [parts.next(), parts.next()]
            .map(|part| part.is_some_and(|part| part.starts_with("HTTP/1.1 200 OK")));
        assert_eq!(both, [true; 2], "{request:?}: {answer}");
        let refusal = parts.next().unwrap_or_default();
        assert!(
            refusal.starts_with(&format!("HTTP/1.1 {status} \r\n")),
            "{request:?}: {answer}"
        );
        assert_eq!(
            answer.matches("\r\ndate: ").count(),
            3,
            "{request:?}: {answer}"
        );
    }
}

#[tokio::test]
async fn what_follows_the_last_request_is_no_request() {
    let address = start(echo, gated()).await;
    for last in [LAST, "GET /last HTTP/1.0\r\n\r\n"] {
        let (answer, error) = exchange(address, &format!("{last}no request\r\n\r\n")).await;
        assert!(answer.ends_with("[GET /last +0]"), "{answer}");
        assert_eq!(answer.matches("HTTP/1.").count(), 1, "{answer}");
        assert_eq!(error, None);
    }
}

#[tokio::test]
async fn what_follows_repeated_field_lines_is_read_all_the_same() {
    let fields = "Host: x\r\nAccept: */*\r\n";
    let request = |line: &str, rest: &str| format!("{line}\r\n{fields}{rest}\r\n");
    let requests = [
        request("GET /1 HTTP/1.1", ""),
        request("GET /2 HTTP/1.1", ""),
        request("POST /3 HTTP/1.1", "Content-Length: 2\r\n") + "hi",
        request("GET /4 HTTP/1.1", ""),
        request("POST /5 HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "2\r\nho\r\n0\r\n\r\n",
        request("GET /6 HTTP/1.1", ""),
        // RFC 9112 §3.2: more than one Host is an error.
        request("GET /7 HTTP/1.1", "Host: x\r\n"),
    ];
    let (answer, _) = exchange(start(echo, gated()).await, &requests.concat()).await;
    for served in [
        "[GET /1 +0]",
        "[GET /2 +0]",
        "[POST /3 hi+0]",
        "[GET /4 +0]",
        "[POST /5 ho+0]",
        "[GET /6 +0]",
    ] {
        assert_eq!(answer.matches(served).count(), 1, "{served}: {answer}");
    }
    assert!(!answer.contains("GET /7"), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 400 ").count(), 1, "{answer}");
}

#[tokio::test]
async fn a_refused_head_request_gets_a_head() {
    let (answer, _) = exchange(start(echo, gated()).await, "HEAD / HTTP/1.1\r\n\r\n").await;
    assert!(
        answer.starts_with("HTTP/1.1 400 ") && answer.ends_with("\r\n\r\n"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_head_may_come_in_any_pieces() {
    let address = start(echo, gated()).await;
    let request = format!("\r\nPOST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi{LAST}");
    for cut in 1..request.len() {
        let mut stream = connect(address, None).await;
        stream.set_nodelay(true).expect("an option");
        let (first, second) = request.split_at(cut);
        stream
            .write_all(first.as_bytes())
            .await
            .expect("it is taken");
        tokio::task::yield_now().await;
        stream
            .write_all(second.as_bytes())
            .await
            .expect("it is taken");
        let (answer, _) = rest(&mut stream).await;
        assert!(
            answer.contains("[POST /a?b hi+0]") && answer.ends_with("[GET /last +0]"),
            "cut at {cut}: {answer}"
        );
    }
}

#[tokio::test]
async fn half_a_head_and_then_the_end() {
    let address = start(echo, gated()).await;
    for (request, expected) in [
        ("GET / HT", "HTTP/1.1 400 "),
        ("GET / HTTP/1.1\r\nHost: x\r\n", "HTTP/1.1 400 "),
        ("", ""),
        ("\r", ""),
        ("\r\n", ""),
    ] {
        let mut stream = connect(address, None).await;
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it is taken");
        stream.shutdown().await.expect("half of it is closed");
        let (answer, error) = rest(&mut stream).await;
        assert!(
            answer.starts_with(expected) && answer.is_empty() == expected.is_empty(),
            "{request:?}: {answer}"
        );
        assert_eq!(error, None);
    }
}

#[tokio::test]
async fn a_slow_head_is_told_and_a_silent_client_is_not() {
    let mut options = gated();
    options.limits.head_deadline = Duration::from_millis(50);
    let address = start(echo, options).await;
    for (request, expected) in [("GET / HTTP/1.1\r\n", "HTTP/1.1 408 "), ("", "")] {
        let (answer, error) = exchange(address, request).await;
        assert!(
            answer.starts_with(expected) && answer.is_empty() == expected.is_empty(),
            "{request:?}: {answer}"
        );
        assert_eq!(error, None);
    }
}
