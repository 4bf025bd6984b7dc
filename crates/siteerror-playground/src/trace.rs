//! Both sides of the wire, kept for whoever asked with `?trace=NAME`.

use std::collections::VecDeque;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use siteerror_serve::{End, EventKind, Recording};
use siteerror_wire::write;

use crate::bounded::Weigh;
use crate::limits;

/// Exchanges under one name, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    exchanges: VecDeque<Exchange>,
    /// How many went to make room.
    dropped: u64,
}

/// An exchange as it was recorded.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) version: &'static str,
    pub(crate) connection: u64,
    pub(crate) recording: Recording,
}

/// A trace as it is shown.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    pub(crate) id: String,
    /// Older exchanges that are no longer there.
    pub(crate) dropped_exchanges: u64,
    pub(crate) exchanges: Vec<ShownExchange>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ShownExchange {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) version: &'static str,
    pub(crate) connection: u64,
    /// Whether it is over.
    complete: bool,
    /// What an access log of nginx would have for it: 499 where the client left before the answer.
    logged_as: Option<u16>,
    /// Bytes that passed and are not kept.
    dropped_bytes: u64,
    events: Vec<ShownEvent>,
}

#[derive(Debug, Serialize)]
struct ShownEvent {
    at_ms: f64,
    /// `received`, `sent`, `note` or `ended`.
    kind: &'static str,
    /// Bytes with CR, LF and everything unprintable made visible; or words.
    text: String,
    /// The bytes themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

impl Trace {
    /// Keeps one more exchange.
    pub(crate) fn note(&mut self, exchange: Exchange) {
        if self.exchanges.len() >= usize::try_from(limits::TRACED.max).unwrap_or(usize::MAX) {
            self.exchanges.pop_front();
            self.dropped = self.dropped.saturating_add(1);
        }
        self.exchanges.push_back(exchange);
    }

    /// For everybody to see.
    pub(crate) fn shown(&self, id: &str) -> Shown {
        Shown {
            id: id.to_owned(),
            dropped_exchanges: self.dropped,
            exchanges: self.exchanges.iter().map(ShownExchange::new).collect(),
        }
    }
}

impl Weigh for Trace {
    fn bytes(&self) -> usize {
        let weigh = |exchange: &Exchange| exchange.recording.weight() + exchange.target.len();
        self.exchanges.iter().map(weigh).sum()
    }
}

impl ShownExchange {
    fn new(exchange: &Exchange) -> Self {
        let recorded = exchange.recording.events();
        let was_answered = recorded
            .iter()
            .any(|event| matches!(&event.kind, EventKind::Sent(bytes) if is_final(bytes)));
        let has_left = recorded.iter().any(|event| {
            matches!(
                event.kind,
                EventKind::Ended(End::ClosedByClient | End::Lost(_))
            )
        });
        let events = recorded
            .into_iter()
            .map(|event| {
                let (kind, text, bytes) = match event.kind {
                    EventKind::Received(bytes) => {
                        ("received", write::Shown(&bytes).to_string(), Some(bytes))
                    }
                    EventKind::Sent(bytes) => {
                        ("sent", write::Shown(&bytes).to_string(), Some(bytes))
                    }
                    EventKind::Note(words) => ("note", words, None),
                    EventKind::Ended(end) => ("ended", end_in_words(&end), None),
                    _ => ("note", "something that has no words yet".to_owned(), None),
                };
                ShownEvent {
                    at_ms: (event.at.as_secs_f64() * 1e6).round() / 1e3,
                    kind,
                    text,
                    base64: bytes.map(|bytes| STANDARD.encode(bytes)),
                }
            })
            .collect();
        Self {
            method: exchange.method.clone(),
            target: exchange.target.clone(),
            version: exchange.version,
            connection: exchange.connection,
            complete: exchange.recording.is_complete(),
            logged_as: (has_left && !was_answered).then_some(499),
            dropped_bytes: exchange.recording.dropped_bytes(),
            events,
        }
    }
}

impl ShownExchange {
    /// A line for each line of the wire: what came with `>`, what left with `<`, in their order.
    pub(crate) fn lines(&self) -> String {
        let mut text = String::new();
        for event in &self.events {
            let mark = match event.kind {
                "received" => '>',
                "sent" => '<',
                _ => '*',
            };
            let lines: Vec<&str> = event.text.split_inclusive("\\n").collect();
            for (index, line) in lines.iter().enumerate() {
                let time = if index == 0 {
                    format!("{:>10.1} ms", event.at_ms)
                } else {
                    " ".repeat(13)
                };
                let _ = writeln!(text, "{time} {mark} {line}");
            }
        }
        if let Some(code) = self.logged_as {
            let _ = writeln!(
                text,
                "              * the client left before the answer: nginx logs this as {code}"
            );
        }
        if self.dropped_bytes > 0 {
            let _ = writeln!(
                text,
                "              * {} bytes more passed and are not kept",
                self.dropped_bytes
            );
        }
        if !self.complete {
            text.push_str("              * it is not over yet\n");
        }
        text
    }
}

/// Whether these bytes begin a final response: an interim one does not count as an answer.
fn is_final(bytes: &[u8]) -> bool {
    !bytes.is_empty() && !bytes.starts_with(b"HTTP/1.1 1")
}

impl Shown {
    /// For a terminal.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for exchange in &self.exchanges {
            let _ = writeln!(
                text,
                "== {} {} ({}, connection {})",
                exchange.method, exchange.target, exchange.version, exchange.connection
            );
            text.push_str(&exchange.lines());
            text.push('\n');
        }
        text
    }
}

fn end_in_words(end: &End) -> String {
    match end {
        End::ClosedByServer => "the server closed the connection in order".to_owned(),
        End::ResetByServer => "the server reset it".to_owned(),
        End::ClosedByClient => "the client closed the connection".to_owned(),
        End::NextRequest => "the connection goes on with another request".to_owned(),
        End::Lost(what) => format!("the connection broke: {what}"),
        _ => "it ended".to_owned(),
    }
}
