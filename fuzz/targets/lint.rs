//! Any bytes as a response, as a request and its response, and as content in a coding: the linter says something, or nothing, and each hit has its place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use siteerror_lint::{Chain, Finding, Hop, Probe, Probed, Probes, Subject, lint, lint_chain, lint_probes, read};

fn must_hold(findings: &[Finding], bytes: usize) {
    for finding in findings {
        assert!(!finding.text.is_empty() && !finding.text.contains(char::is_control));
        if let Some(place) = &finding.place.bytes {
            assert!(place.start <= place.end && place.end <= bytes as u64);
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    // What stands before two NUL bytes is the request.
    let parts = bytes.windows(2).position(|pair| pair == [0, 0]);
    let (request, response) = match parts {
        Some(end) => (&bytes[..end], &bytes[end + 2..]),
        None => (&bytes[..0], bytes),
    };
    let url = "https://www.example.com/a?b";
    let mut text = read(response, request, Some(url));
    text.received_at_unix_s = Some(1_795_514_400);
    let mut given = text.given();
    if !response.starts_with(b"HTTP/2") && !response.starts_with(b"HTTP/3") {
        must_hold(&lint(given, 0), response.len());
    }
    given.decoded = Some(response);
    given.whole = false;
    let _ = lint(given, 1);
    let Some(subject) = Subject::new(given) else { return };
    let hops = [0, 1].map(|_| Hop { url, to: Some(url), subject: Some(subject.clone()) });
    let _ = lint_chain(&Chain { hops: &hops, loops_to: Some(0) });
    let probes = [Probe::Head, Probe::Repeat, Probe::Conditional, Probe::Range, Probe::Identity, Probe::Coded, Probe::Language, Probe::Accept];
    let answers = probes.map(|probe| Probed { probe, subject: subject.clone() });
    let _ = lint_probes(&Probes { base: subject, answers: &answers }, 0);
});
