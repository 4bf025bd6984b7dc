//! Codes of vendors: each endpoint behaves as the vendor's documentation, source code or a measurement says. The expected values are from there.

use siteerror_playground::{Spawned, Vendor};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::ask::{Answer, connect, exchange, get, playground, send};

async fn check(playground: &Spawned, target: &str, status: u16, upstream: &str) {
    let answer = get(playground, target).await;
    assert_eq!(answer.status, status, "{target}: {}", answer.text());
    let did = answer.field("playground-upstream");
    assert!(
        did.starts_with(&format!("{upstream}: ")),
        "{target}: `{did}`"
    );
}

#[tokio::test]
async fn a_gateway_answers_as_the_vendor_does() {
    let playground = playground().await;
    for (target, status, upstream) in [
        ("/vendor/nginx/200", 200, "good"),
        ("/vendor/nginx/502", 502, "refuses"),
        (
            "/vendor/nginx/502?cause=closes-without-a-byte",
            502,
            "closes-without-a-byte",
        ),
        ("/vendor/nginx/502?cause=resets", 502, "resets"),
        (
            "/vendor/nginx/502?cause=invalid-header",
            502,
            "invalid-header",
        ),
        ("/vendor/nginx/502?cause=large-head", 502, "large-head"),
        ("/vendor/nginx/504", 504, "never-answers"),
        ("/vendor/nginx/504?cause=queue-full", 504, "queue-full"),
        ("/vendor/cloudflare/200", 200, "good"),
        ("/vendor/cloudflare/200?cause=slow", 200, "slow"),
        ("/vendor/cloudflare/200?cause=large-head", 200, "large-head"),
        ("/vendor/cloudflare/200?cause=tls-good", 200, "tls-good"),
        ("/vendor/cloudflare/502", 502, "gzip-wrong-length"),
        (
            "/vendor/cloudflare/502?cause=answers-502",
            502,
            "answers-502",
        ),
        ("/vendor/cloudflare/504", 504, "answers-504"),
        ("/vendor/cloudflare/520", 520, "closes-without-a-byte"),
        (
            "/vendor/cloudflare/520?cause=garbage-status-line",
            520,
            "garbage-status-line",
        ),
        ("/vendor/cloudflare/520?cause=huge-head", 520, "huge-head"),
        ("/vendor/cloudflare/521", 521, "refuses"),
        ("/vendor/cloudflare/522", 522, "queue-full"),
        ("/vendor/cloudflare/523", 523, "unreachable"),
        ("/vendor/cloudflare/524", 524, "never-answers"),
        ("/vendor/cloudflare/525", 525, "tls-refuses"),
        ("/vendor/cloudflare/525?cause=tls-closes", 525, "tls-closes"),
        (
            "/vendor/cloudflare/525?cause=tls-plain-http",
            525,
            "tls-plain-http",
        ),
        ("/vendor/cloudflare/526", 526, "tls-self-signed"),
        (
            "/vendor/cloudflare/526?cause=tls-expired",
            526,
            "tls-expired",
        ),
        (
            "/vendor/cloudflare/526?cause=tls-wrong-host",
            526,
            "tls-wrong-host",
        ),
        (
            "/vendor/cloudflare/526?cause=tls-untrusted-root",
            526,
            "tls-untrusted-root",
        ),
        ("/vendor/aws-elb/200?cause=large-head", 200, "large-head"),
        ("/vendor/aws-elb/502", 502, "closes-kept-alive"),
        ("/vendor/aws-elb/502?cause=tls-refuses", 502, "tls-refuses"),
        ("/vendor/aws-elb/502?cause=huge-head", 502, "huge-head"),
        ("/vendor/aws-elb/504", 504, "never-answers"),
        (
            "/vendor/aws-elb/504?cause=gzip-wrong-length",
            504,
            "gzip-wrong-length",
        ),
        ("/vendor/aws-classic-elb/502", 502, "garbage-status-line"),
        (
            "/vendor/aws-classic-elb/504?cause=closes-without-a-byte",
            504,
            "closes-without-a-byte",
        ),
    ] {
        check(&playground, target, status, upstream).await;
    }
}

/// RFC 9110 §15.6.3: "an invalid response"; §15.6.5: no "timely response".
#[tokio::test]
async fn the_gateway_by_itself_knows_502_and_504() {
    let playground = playground().await;
    for (upstream, status) in [
        ("good", 200),
        ("tls-good", 200),
        ("closes-without-a-byte", 502),
        ("refuses", 502),
        ("unreachable", 502),
        ("garbage-status-line", 502),
        ("tls-expired", 502),
        ("never-answers", 504),
        ("queue-full", 504),
        ("answers-504", 504),
    ] {
        check(
            &playground,
            &format!("/gateway/{upstream}"),
            status,
            upstream,
        )
        .await;
    }
    for upstream in ["127.0.0.1:22", "localhost", "http:%2F%2F192.0.2.1", "Good"] {
        let answer = get(&playground, &format!("/gateway/{upstream}")).await;
        assert_eq!(answer.status, 400, "{upstream}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_answer_says_what_was_met_and_which_code_it_is() {
    let playground = playground().await;
    let answer = get(
        &playground,
        "/vendor/cloudflare/526?cause=tls-expired&explain=1",
    )
    .await;
    assert_eq!(answer.field("playground-vendor-code"), "cloudflare/526");
    let detail = answer.json()["detail"]
        .as_str()
        .expect("it has a reason")
        .to_owned();
    assert!(
        detail.contains("certificate") && detail.contains("expired"),
        "{detail}"
    );
    let answer = get(&playground, "/vendor/cloudflare/530?cause=1033").await;
    assert_eq!(answer.status, 530);
    assert!(
        answer.json()["detail"]
            .as_str()
            .expect("a reason")
            .contains("1033")
    );
}

#[tokio::test]
async fn numbers_of_the_1xxx_kind_are_never_the_status() {
    let playground = playground().await;
    for (code, status) in [
        ("1001", 409),
        ("1013", 403),
        ("1015", 429),
        ("1016", 530),
        ("1018", 409),
        ("1020", 403),
        ("1023", 409),
        ("1033", 530),
        ("1101", 500),
        ("1102", 503),
    ] {
        let answer = get(&playground, &format!("/vendor/cloudflare/{code}")).await;
        assert_eq!(answer.status, status, "{code}");
        assert!(answer.text().contains(code), "{code}: {}", answer.text());
    }
}

/// Without an answer, an orderly end is zero bytes and no error; a reset is an error.
async fn end_of(playground: &Spawned, request: &str) -> (Vec<u8>, bool) {
    let mut stream = connect(playground).await;
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it is taken");
    let mut bytes = Vec::new();
    let is_reset = stream.read_to_end(&mut bytes).await.is_err();
    (bytes, is_reset)
}

fn request(head: &str, fields: &str) -> String {
    format!("{head} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n")
}

#[tokio::test]
async fn nginx_444_and_408_close_without_a_byte() {
    let playground = playground().await;
    for (head, fields, is_reset) in [
        ("GET /vendor/nginx/444", "", false),
        ("GET /vendor/nginx/444?reset=1", "", true),
        ("POST /vendor/nginx/408", "Content-Length: 10\r\n", false),
    ] {
        let ended = end_of(&playground, &request(head, fields)).await;
        assert_eq!(ended, (Vec::new(), is_reset), "{head}");
    }
}

#[tokio::test]
async fn the_balancer_of_aws_sends_a_real_408_and_closes() {
    let playground = playground().await;
    let bytes = exchange(
        &playground,
        request("POST /vendor/aws-elb/408", "Content-Length: 10\r\n").as_bytes(),
    )
    .await;
    let answer = Answer::parse(&bytes);
    assert_eq!(answer.status, 408);
    assert_eq!(answer.field("connection"), "close");
}

#[tokio::test]
async fn nginx_passes_text_without_a_status_line_on_as_it_is() {
    let playground = playground().await;
    let (bytes, is_reset) = end_of(&playground, &request("GET /vendor/nginx/009", "")).await;
    assert!(!is_reset);
    assert_eq!(
        String::from_utf8_lossy(&bytes),
        "this is what a server says that does not speak HTTP\n"
    );
}

#[tokio::test]
async fn a_mistake_in_the_request_causes_the_code_and_nothing_else_does() {
    let playground = playground().await;
    let long = format!("Cookie: {}", "x".repeat(2000));
    let long_path = format!("GET /vendor/nginx/414?{}", "x".repeat(2000));
    let forwarded =
        |count: usize| format!("X-Forwarded-For: {}", vec!["192.0.2.1"; count].join(", "));
    let method = format!("{} /vendor/aws-classic-elb/405", "X".repeat(33));
    for (head, field, status) in [
        ("GET /vendor/nginx/494", long.as_str(), 400),
        ("GET /vendor/nginx/494", "Cookie: a=b", 200),
        (long_path.as_str(), "Accept: */*", 414),
        ("GET /vendor/nginx/414", "Accept: */*", 200),
        ("GET /vendor/aws-elb/463", &forwarded(31), 463),
        ("GET /vendor/aws-elb/463", &forwarded(30), 200),
        ("GET /vendor/aws-elb/463?anyway=1", "Accept: */*", 463),
        ("TRACE /vendor/aws-elb/405", "Accept: */*", 405),
        ("GET /vendor/aws-elb/405", "Accept: */*", 200),
        (method.as_str(), "Accept: */*", 405),
        ("GET /vendor/aws-elb/464", "Accept: */*", 464),
        ("GET /vendor/nginx/496", "Accept: */*", 400),
        ("GET /vendor/nginx/497", "Accept: */*", 400),
        ("GET /vendor/nginx/421", "Accept: */*", 200),
        ("POST /vendor/nginx/413", "Content-Length: 1048577", 413),
        ("GET /vendor/nginx/413", "Content-Length: 0", 200),
        ("GET /vendor/nginx/503?id=a", "Accept: */*", 200),
        ("GET /vendor/nginx/503?id=a", "Accept: */*", 503),
        ("GET /vendor/nginx/503?id=b", "Accept: */*", 200),
    ] {
        let answer = send(&playground, head, &[field], &[]).await;
        let head: String = head.chars().take(60).collect();
        assert_eq!(answer.status, status, "{head}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_client_that_leaves_is_seen_in_the_trace_as_nginx_logs_it() {
    let playground = playground().await;
    for vendor in ["nginx/499", "cloudflare/499", "aws-elb/460"] {
        let id = vendor.replace('/', "-");
        let mut stream = connect(&playground).await;
        let request = request(&format!("GET /vendor/{vendor}?trace={id}"), "");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it is taken");
        // The trace is there once the request is being played; only then is leaving early.
        let mut trace = get(&playground, &format!("/trace/{id}")).await;
        while trace.status != 200 {
            trace = get(&playground, &format!("/trace/{id}")).await;
        }
        drop(stream);
        while trace.json()["exchanges"][0]["complete"] != true {
            trace = get(&playground, &format!("/trace/{id}")).await;
        }
        assert_eq!(
            trace.json()["exchanges"][0]["logged_as"],
            499,
            "{vendor}: {}",
            trace.text()
        );
    }
}

#[tokio::test]
async fn the_list_has_every_code_in_three_forms() {
    let playground = playground().await;
    let listed = get(&playground, "/vendors").await.json();
    for (vendor, listed) in Vendor::ALL
        .iter()
        .zip(listed["vendors"].as_array().expect("a list"))
    {
        assert_eq!(listed["vendor"], vendor.word());
        for (code, listed) in vendor
            .codes()
            .iter()
            .zip(listed["codes"].as_array().expect("a list"))
        {
            assert_eq!(listed["code"], code.code);
            assert!(
                !code.source.is_empty() && code.about.ends_with('.'),
                "{}",
                code.code
            );
            assert!(code.causes().next().is_some(), "{}", code.code);
        }
    }
    for (accept, part) in [
        ("Accept: text/html", "<h1>As vendors do it</h1>"),
        ("Accept: text/plain", "Cloudflare\n"),
    ] {
        let answer = send(&playground, "GET /vendors", &[accept], &[]).await;
        assert!(answer.text().contains(part), "{accept}: {}", answer.text());
    }
}

#[tokio::test]
async fn what_there_is_not_is_said() {
    let playground = playground().await;
    for (target, status) in [
        ("/vendor/nginx/498", 404),
        ("/vendor/nginx/../etc", 404),
        ("/vendor/iis/401", 400),
        ("/vendor/nginx/502?cause=127.0.0.1:22", 400),
        ("/vendor/aws-elb/000", 400),
    ] {
        let answer = get(&playground, target).await;
        assert_eq!(answer.status, status, "{target}: {}", answer.text());
    }
}

/// Whoever wants to dial needs a socket, and only the gateway has any: what it dials is made by its table of upstreams.
#[test]
fn nobody_but_the_gateway_dials() {
    fn files(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("it can be read") {
            let path = entry.expect("it is there").path();
            if path.is_dir() {
                files(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    assert!(found.len() > 30);
    for path in found {
        let text = std::fs::read_to_string(&path).expect("it is text");
        let dials = [
            "TcpSocket",
            "UdpSocket",
            "TcpStream::connect",
            "TcpConnector",
        ]
        .iter()
        .any(|word| text.contains(word));
        let may = path.starts_with(root.join("gateway"));
        assert!(may || !dials, "{}", path.display());
    }
}

/// RFC 9113 §4.1: a frame is a length of three bytes, a type, flags, and a stream of four bytes.
#[tokio::test]
async fn the_balancer_of_aws_ends_an_http2_connection_without_a_status() {
    let playground = playground().await;
    let mut stream = connect(&playground).await;
    // RFC 7541: :method GET, :scheme http, then :path and :authority as literals that are not indexed.
    let path = b"/vendor/aws-elb/000";
    let mut block = vec![
        0x82,
        0x86,
        0x04,
        u8::try_from(path.len()).expect("it is short"),
    ];
    block.extend_from_slice(path);
    block.extend_from_slice(&[0x01, 9]);
    block.extend_from_slice(b"localhost");
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
    bytes.extend_from_slice(&[
        0,
        0,
        u8::try_from(block.len()).expect("it is short"),
        1,
        5,
        0,
        0,
        0,
        1,
    ]);
    bytes.extend_from_slice(&block);
    stream.write_all(&bytes).await.expect("it is taken");
    let mut came = Vec::new();
    stream.read_to_end(&mut came).await.ok();
    let mut kinds = Vec::new();
    let mut rest = came.as_slice();
    while let [a, b, c, kind, _, _, _, _, _, tail @ ..] = rest {
        kinds.push(*kind);
        let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        rest = tail.get(length..).unwrap_or_default();
    }
    assert!(kinds.contains(&7), "GOAWAY: {kinds:?}");
    assert!(!kinds.contains(&1), "no HEADERS: {kinds:?}");
}
