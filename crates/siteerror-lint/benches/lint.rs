//! What the linter costs: `cargo bench -p siteerror-lint --bench lint` prints the time for each of some typical responses, all rules asked. With a name and a
//! number, `… -- api 20000` lints one of them so often and prints nothing: for a profiler that counts instructions.

use std::hint::black_box;
use std::time::Instant;

use siteerror_lint::{Text, read};

/// As a server of an API answers: 13 fields.
const API: &[u8] = b"HTTP/1.1 200 OK\r\n\
Server: nginx\r\n\
Date: Tue, 24 Nov 2026 10:00:00 GMT\r\n\
Content-Type: application/json; charset=utf-8\r\n\
Content-Length: 13\r\n\
Connection: keep-alive\r\n\
Cache-Control: private, max-age=60, must-revalidate\r\n\
ETag: \"5f2d8c\"\r\n\
Last-Modified: Mon, 23 Nov 2026 10:00:00 GMT\r\n\
Vary: Accept-Encoding, Origin\r\n\
X-Content-Type-Options: nosniff\r\n\
Content-Security-Policy: default-src 'self'\r\n\
Referrer-Policy: no-referrer\r\n\
X-Request-Id: 8f14e45fceea167a\r\n\
\r\n\
{\"ok\": true}\n";

/// As a server of files answers.
const FILE: &[u8] = b"HTTP/1.1 200 OK\r\n\
Server: nginx\r\n\
Date: Tue, 24 Nov 2026 10:00:00 GMT\r\n\
Content-Type: text/html\r\n\
Content-Length: 2048\r\n\
Last-Modified: Mon, 23 Nov 2026 10:00:00 GMT\r\n\
Connection: keep-alive\r\n\
ETag: \"655f0b40-800\"\r\n\
Accept-Ranges: bytes\r\n\
\r\n";

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: bench\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n";

fn page() -> Vec<u8> {
    let mut page = b"<!doctype html>\n<html lang=en>\n<head><meta charset=utf-8><title>A page</title></head>\n<body>\n".to_vec();
    let mut paragraph = 0;
    while page.len() < 2048 {
        page.extend(format!("<p>Paragraph {paragraph} says what one says.</p>\n").bytes());
        paragraph += 1;
    }
    page.truncate(2048);
    [FILE, &page].concat()
}

fn main() {
    let cases = [("api", API.to_vec()), ("page", page())];
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    for (name, response) in &cases {
        let mut text = read(response, REQUEST, Some("http://www.example.com/"));
        text.received_at_unix_s = Some(1_795_514_400);
        match arguments.as_slice() {
            [] => report(name, &text),
            [only, count] if only == name => {
                for _ in 0..count.parse().unwrap_or(1) {
                    black_box(black_box(&text).lint());
                }
            }
            _ => {}
        }
    }
}

/// The best of many rounds: whatever else the machine does only adds to it.
fn report(name: &str, text: &Text) {
    const ROUNDS: usize = 200;
    const IN_A_ROUND: u32 = 200;
    let best = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            for _ in 0..IN_A_ROUND {
                black_box(black_box(text).lint());
            }
            began.elapsed()
        })
        .min()
        .unwrap_or_default();
    let micros = best.as_secs_f64() * 1e6 / f64::from(IN_A_ROUND);
    let found: Vec<&str> = text.lint().iter().map(|finding| finding.rule.id).collect();
    #[expect(clippy::print_stdout, reason = "the result of a bench")]
    {
        println!(
            "{name}: {micros:.2} µs a response, {} rules, found {found:?}",
            siteerror_lint::rules().len()
        );
    }
}
