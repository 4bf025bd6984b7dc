//! Rows of `/limits` that no other test reaches, tried from outside: at the limit it works, and beyond it the refusal names it, or the oldest goes.

use siteerror_playground::{LIMITS, Spawned};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::ask::{Answer, connect, exchange, get, playground, send};

const TEXT: &[&str] = &["Content-Type: text/plain"];

/// A request for so much of something.
type Ask<'a> = &'a dyn Fn(usize) -> String;

/// The number in the table.
fn most(name: &str) -> usize {
    let limit = LIMITS.iter().find(|limit| limit.name == name);
    let most = limit.unwrap_or_else(|| panic!("no row `{name}`")).max;
    usize::try_from(most).expect("it fits")
}

/// Many requests on one connection, one behind the other; what comes back for all of them.
async fn pipelined(playground: &Spawned, targets: impl Iterator<Item = String>) -> String {
    let mut requests: String = targets
        .flat_map(|target| {
            [
                "GET ".to_owned(),
                target,
                " HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
            ]
        })
        .collect();
    requests.push_str("GET /get HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let (mut reading, mut writing) = connect(playground).await.into_split();
    let mut answers = Vec::new();
    let (sent, read) = tokio::join!(
        writing.write_all(requests.as_bytes()),
        reading.read_to_end(&mut answers)
    );
    sent.expect("it is taken");
    read.expect("it ends in order");
    String::from_utf8_lossy(&answers).into_owned()
}

#[tokio::test]
async fn parameters_work_at_their_limit_and_are_refused_beyond() {
    let playground = playground().await;
    let list = |item: &str, count: usize| vec![item; count].join(",");
    let fields = |count: usize| {
        let fields: Vec<String> = (0..count).map(|n| format!("x-{n}=1")).collect();
        fields.join("&")
    };
    let targets: [(&str, Ask<'_>); 11] = [
        ("bytes", &|n| format!("/bytes/{n}")),
        ("bytes", &|n| format!("/range/{n}")),
        ("drip_bytes", &|n| format!("/drip?duration=0&numbytes={n}")),
        ("events", &|n| format!("/sse?duration=1ms&count={n}")),
        ("links", &|n| format!("/links/{n}/0")),
        ("redirects", &|n| format!("/redirect/{n}")),
        ("choices", &|n| format!("/status/{}", list("200", n))),
        ("interims", &|n| {
            format!("/interim/{}/200", list("103@0", n))
        }),
        ("fields_asked", &|n| {
            format!("/response-headers?{}", fields(n))
        }),
        ("steps", &|n| format!("/seq/tried/200*{n}")),
        ("websocket_message_bytes", &|n| {
            format!("/websocket/echo?max_message_size={n}")
        }),
    ];
    for (name, target) in targets {
        let most = most(name);
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            target(most)
        );
        let answer = exchange(&playground, request.as_bytes()).await;
        let status = String::from_utf8_lossy(&answer[..12]).into_owned();
        // RFC 9110 §15.2.2: a plain request for a WebSocket is answered with 426, once its parameters are in order.
        let expected = match name {
            "interims" => "HTTP/1.1 103",
            "redirects" => "HTTP/1.1 302",
            "websocket_message_bytes" => "HTTP/1.1 426",
            _ => "HTTP/1.1 200",
        };
        assert_eq!(status, expected, "{name} at {most}");
        let refused = get(&playground, &target(most + 1)).await;
        assert_eq!(refused.status, 400, "{name}");
        let told = refused.json();
        assert_eq!(
            (&told["limit"], &told["max"], &told["asked"]),
            (&name.into(), &most.into(), &(most + 1).into()),
        );
    }
}

#[tokio::test]
async fn heads_work_at_their_limit_and_are_refused_beyond() {
    let playground = playground().await;
    let target = |bytes: usize| {
        let rest = "a".repeat(bytes - "/get?".len());
        format!("GET /get?{rest} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    };
    let usual = "Host: a\r\nConnection: close\r\n";
    let fields = |bytes: usize| {
        let rest = "a".repeat(bytes - usual.len() - "X: \r\n".len());
        format!("GET /get HTTP/1.1\r\n{usual}X: {rest}\r\n\r\n")
    };
    let lines = |count: usize| {
        let rest = "X: a\r\n".repeat(count - 2);
        format!("GET /get HTTP/1.1\r\n{usual}{rest}\r\n")
    };
    let heads: [(&str, u16, Ask<'_>); 3] = [
        ("target_bytes", 414, &target),
        ("fields_bytes", 431, &fields),
        ("field_lines", 431, &lines),
    ];
    for (name, status, head) in heads {
        let most = most(name);
        let answer = exchange(&playground, head(most).as_bytes()).await;
        assert_eq!(Answer::parse(&answer).status, 200, "{name} at {most}");
        let answer = exchange(&playground, head(most + 1).as_bytes()).await;
        assert_eq!(Answer::parse(&answer).status, status, "{name} beyond");
    }
}

#[tokio::test]
async fn contents_work_at_their_limit_and_are_refused_beyond() {
    let playground = playground().await;
    for (name, head, at, beyond) in [
        ("content_bytes", "POST /upload", 200, 413),
        ("item_bytes", "PUT /cause/201/try/tried", 201, 413),
        ("quota_bytes", "PUT /cause/507/try/tried/file", 201, 507),
    ] {
        let most = most(name);
        let answer = send(&playground, head, TEXT, &vec![b'a'; most]).await;
        assert_eq!(answer.status, at, "{name}: {}", answer.text());
        let refused = send(&playground, head, TEXT, &vec![b'a'; most + 1]).await;
        assert_eq!(
            (refused.status, &refused.json()["limit"]),
            (beyond, &name.into())
        );
    }
}

#[tokio::test]
async fn names_beyond_the_limit_push_out_the_one_that_was_unused_longest() {
    let playground = playground().await;
    for (name, make, look) in [
        ("sequences", "/seq/{}/200", "/seq/{}"),
        ("traces", "/status/204?trace={}", "/trace/{}"),
        ("labs", "/lab/{}/plain", "/lab/{}/report"),
    ] {
        let most = most(name);
        let target = |n: usize| make.replace("{}", &format!("n{n}"));
        pipelined(&playground, (0..most).map(target)).await;
        let first = look.replace("{}", "n0");
        assert_eq!(get(&playground, &first).await.status, 200, "{name}");
        // The look was a use: now the second is the oldest.
        pipelined(&playground, std::iter::once(target(most))).await;
        for (n, status) in [(0, 200), (1, 404), (most, 200)] {
            let look = look.replace("{}", &format!("n{n}"));
            assert_eq!(get(&playground, &look).await.status, status, "{name} {n}");
        }
    }
}

#[tokio::test]
async fn lists_under_one_name_are_as_long_as_their_limit() {
    let playground = playground().await;
    let attempts = most("attempts");
    let target = "/seq/tried/200".to_owned();
    pipelined(&playground, std::iter::repeat_n(target, attempts + 1)).await;
    let report = get(&playground, "/seq/tried").await.json();
    let kept = report["attempts"].as_array().expect("a list").len();
    assert_eq!((kept, &report["count"]), (attempts, &(attempts + 1).into()));
    let traced = most("traced_exchanges");
    let target = |n| format!("/anything/{n}?trace=tried");
    pipelined(&playground, (0..=traced).map(target)).await;
    let trace = get(&playground, "/trace/tried").await.json();
    let kept = trace["exchanges"].as_array().expect("a list");
    assert_eq!(kept.len(), traced);
    let oldest = kept[0]["target"].as_str().unwrap_or_default();
    assert!(oldest.contains("/anything/1"), "{oldest}");
}

#[tokio::test]
async fn there_are_so_many_mocks_and_no_more() {
    let playground = playground().await;
    let most = most("mocks");
    for n in 0..most {
        let made = send(&playground, &format!("PUT /mocks/m{n}"), &[], b"{}").await;
        assert_eq!(made.status, 201);
    }
    let refused = send(&playground, "PUT /mocks/more", &[], b"{}").await;
    assert_eq!(
        (refused.status, &refused.json()["limit"]),
        (507, &"mocks".into())
    );
}

#[tokio::test]
async fn there_are_so_many_slots_and_no_more() {
    let playground = playground().await;
    let mut waiting = Vec::new();
    for n in 0..most("slots") {
        let mut stream = connect(&playground).await;
        let head = format!("GET /cause/503/try/tried?seconds=10&trace=slot-{n} HTTP/1.1\r\n");
        let request = head + "Host: a\r\n\r\n";
        stream.write_all(request.as_bytes()).await.expect("taken");
        waiting.push(stream);
        // A trace is there once its request has begun.
        while get(&playground, &format!("/trace/slot-{n}")).await.status != 200 {}
    }
    let refused = get(&playground, "/cause/503/try/tried").await;
    assert_eq!(
        (refused.status, &refused.json()["limit"]),
        (503, &"slots".into())
    );
    let other = get(&playground, "/cause/503/try/other").await;
    assert_eq!(other.status, 200);
}
