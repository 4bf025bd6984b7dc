//! Raw messages as files, each with what must be seen in it beside it.
//!
//! `NAME.http` holds the bytes, `NAME.expected` says line by line how to read them and what comes of it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use siteerror_wire::write::Shown;
use siteerror_wire::{
    Asked, Body, Closing, Defects, End, Fields, Framing, Limits, Version, read_request,
};

use crate::read_both_ways;

#[test]
fn every_case_is_read_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases = 0;
    let mut wrong = String::new();
    for entry in fs::read_dir(&folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "http") {
            continue;
        }
        let bytes = fs::read(&path).expect("the bytes are there");
        let expected =
            fs::read_to_string(path.with_extension("expected")).expect("each case has its result");
        let (how, result) = expected.split_once('\n').expect("two lines at least");
        let found = read(&bytes, how);
        if found != result {
            let name = path.file_stem().expect("a name").display();
            writeln!(wrong, "{name}: expected\n{result}found\n{found}")
                .expect("a string takes all");
        }
        cases += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(cases > 60, "only {cases} cases were found");
}

/// Reads as the first line says: `read: response to GET`, `read: response to HTTP/1.0 GET, broken`, `read: request`.
fn read(bytes: &[u8], how: &str) -> String {
    let how = how.strip_prefix("read: ").expect("how to read");
    if how == "request" {
        let received = read_request(bytes, Limits::default());
        let mut text = String::new();
        if let Some(request) = &received.request {
            let head = &request.head;
            line(&mut text, "method", head.method());
            line(&mut text, "target", head.target());
            for (name, value) in head.fields().iter() {
                line(&mut text, "field", &[name, b": ", &value].concat());
            }
            body(&mut text, &request.body);
        }
        rest(
            &mut text,
            &received.unread,
            received.end,
            received.framing,
            &received.defects,
        );
        return text;
    }
    let how = how.strip_prefix("response to ").expect("a response");
    let (how, closing) = match how.strip_suffix(", broken") {
        Some(how) => (how, Closing::Broken),
        None => (how, Closing::Orderly),
    };
    let (how, upgrade) = match how.strip_suffix(" with Upgrade") {
        Some(how) => (how, true),
        None => (how, false),
    };
    let mut asked = match how.strip_prefix("HTTP/1.0 ") {
        Some(method) => Asked {
            version: Version::HTTP_10,
            ..Asked::by(method)
        },
        None => Asked::by(how),
    };
    asked.upgrade = upgrade;
    let received = read_both_ways(bytes, asked, Limits::default(), closing);
    let mut text = String::new();
    for interim in &received.interims {
        line(&mut text, "interim", interim.head.status_text());
    }
    if let Some(response) = &received.response {
        let head = &response.head;
        let code = head
            .status()
            .map_or_else(|| "none".to_owned(), |code| code.to_string());
        line(&mut text, "status", code.as_bytes());
        line(&mut text, "reason", head.reason());
        for (name, value) in head.fields().iter() {
            line(&mut text, "field", &[name, b": ", &value].concat());
        }
        body(&mut text, &response.body);
    }
    rest(
        &mut text,
        &received.unread,
        received.end,
        received.framing,
        &received.defects,
    );
    text
}

fn body(text: &mut String, body: &Body) {
    line(text, "content", &body.content());
    for (name, value) in body.trailers().into_iter().flat_map(Fields::iter) {
        line(text, "trailer", &[name, b": ", &value].concat());
    }
}

fn rest(text: &mut String, unread: &[u8], end: End, framing: Option<Framing>, defects: &Defects) {
    line(text, "unread", unread);
    let framing = framing.map_or_else(|| "none".to_owned(), |framing| format!("{framing:?}"));
    line(text, "framing", framing.as_bytes());
    line(text, "end", format!("{end:?}").as_bytes());
    let mut defects: Vec<_> = defects
        .iter()
        .map(|defect| (defect.offset, defect.kind.code()))
        .collect();
    defects.sort_unstable();
    for (offset, code) in defects {
        line(text, "defect", format!("{code} {offset}").as_bytes());
    }
}

/// A line of the result. What is empty is left out.
fn line(text: &mut String, key: &str, value: &[u8]) {
    if !value.is_empty() {
        writeln!(text, "{key}: {}", Shown(value)).expect("a string takes all");
    }
}
