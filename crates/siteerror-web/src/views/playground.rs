//! The request builder: its form, the request, and what came back for it.

mod examples;
mod text;

use askama::Template;
use serde::Serialize;
use siteerror_catalog::{Class, Code, catalog};
use siteerror_playground::{Family, Fault, Vendor, Versions, fault_groups, scenarios};

use self::examples::{EXAMPLES, Example};
use super::{Frame, View, hue, pretty};
use crate::builder::{Command, Exchange, Part, Reading, Request, State, With, commands};
use crate::routes;
use crate::site::Chrome;
use crate::terminal::Paint;

/// The request builder.
#[derive(Debug)]
pub struct PlaygroundView {
    state: State,
    request: Request,
    commands: Vec<Command>,
    played: Option<Played>,
}

/// Words, and the path and label of the page that has more of them.
type Explained = (String, Option<(String, String)>);

/// What came back.
#[derive(Debug)]
struct Played {
    exchange: Exchange,
    reading: Reading,
}

impl PlaygroundView {
    pub(crate) fn new(state: State, request: Request, exchange: Option<Exchange>) -> Self {
        Self {
            commands: commands(&request),
            state,
            request,
            played: exchange.map(|exchange| Played {
                reading: Reading::new(&exchange),
                exchange,
            }),
        }
    }

    /// The address that restores the state.
    fn link(&self) -> String {
        format!("{}?{}", routes::PLAYGROUND, self.state.query())
    }

    /// The registered code that the answer has, or that was asked for.
    fn code(&self) -> Option<&'static Code> {
        let number = match &self.played {
            Some(played) => played.reading.last.as_ref().map(|(code, ..)| *code),
            None if self.state.with == With::Code => self.state.code.parse().ok(),
            None => None,
        };
        catalog().number(number?)
    }

    /// What to make of it, and where there is more: path and label.
    fn explanation(&self) -> Option<Explained> {
        if let Some(fault) = self.state.known_fault() {
            let how = match fault.versions {
                Versions::One | Versions::Both => "",
                Versions::OneWithTls => " Without TLS, as here, there is nothing to break.",
                Versions::Two => {
                    " Only HTTP/2 can carry it, and what is sent from here is HTTP/1.1: take one of the commands."
                }
            };
            let text = format!(
                "{} {} A right client? {} ({}){how}",
                fault.about, fault.rule, fault.client, fault.source
            );
            let page = format!("{}/faults/{}", routes::PLAY, fault.name);
            return Some((text, Some((page, "What clients make of it".to_owned()))));
        }
        let code = self.code()?;
        let label = format!("More on {} {}", code.id, code.title());
        Some((code.summary.to_owned(), Some((code.id.path(), label))))
    }

    /// Where the report card of a sequence is.
    fn report(&self) -> Option<String> {
        let is_sequence = self.state.with == With::Sequence;
        is_sequence.then(|| format!("{}/seq/{}", routes::PLAY, self.state.id))
    }
}

/// The request and its answer, for programs. Its keys are a promise.
#[derive(Serialize)]
struct PlaygroundJson<'a> {
    link: String,
    request: RequestJson<'a>,
    commands: Vec<CommandJson<'a>>,
    report: Option<String>,
    explanation: Option<ExplanationJson>,
    exchange: Option<ExchangeJson<'a>>,
}

#[derive(Serialize)]
struct ExplanationJson {
    text: String,
    link: Option<String>,
    label: Option<String>,
}

#[derive(Serialize)]
struct RequestJson<'a> {
    method: &'a str,
    url: String,
    target: &'a str,
    fields: &'a [(String, String)],
    content: &'a str,
}

#[derive(Serialize)]
struct CommandJson<'a> {
    id: &'a str,
    label: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct ExchangeJson<'a> {
    sent: String,
    interim: Vec<u16>,
    status: Option<u16>,
    reason: Option<&'a str>,
    pieces: Vec<PieceJson>,
    end: &'a str,
    lasted_ms: f64,
}

#[derive(Serialize)]
struct PieceJson {
    at_ms: f64,
    /// Unreadable bytes replaced.
    text: String,
}

fn ms(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// A time for people.
fn time(time: std::time::Duration) -> String {
    let ms = time.as_secs_f64() * 1e3;
    if ms < 10.0 {
        format!("{ms:.1} ms")
    } else {
        format!("{ms:.0} ms")
    }
}

impl View for PlaygroundView {
    fn html(&self, chrome: &Chrome) -> String {
        let page = PlaygroundPage {
            frame: Frame {
                chrome,
                title: "Playground: make any status code or fault happen".to_owned(),
                description: "Compose a request, send it, and see what really came back: interim responses, raw bytes, how the connection ended, and what fetch hides."
                    .to_owned(),
                path: Some(routes::PLAYGROUND.to_owned()),
                hue: self.code().map_or("", |code| hue(code.class())),
                listed: self.played.is_none(),
            },
            view: self,
            codes: catalog().codes(),
            faults: fault_groups().collect(),
            examples: EXAMPLES,
            shelves: Family::ALL
                .iter()
                .map(|family| {
                    let count = scenarios()
                        .filter(|scenario| scenario.family == *family)
                        .count();
                    (*family, count)
                })
                .filter(|(_, count)| *count > 0)
                .collect(),
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        let request = &self.request;
        pretty(&PlaygroundJson {
            link: self.link(),
            request: RequestJson {
                method: &request.method,
                url: request.url(),
                target: &request.target,
                fields: &request.fields,
                content: &request.content,
            },
            commands: self
                .commands
                .iter()
                .map(|command| CommandJson {
                    id: command.id,
                    label: command.label,
                    text: &command.text,
                })
                .collect(),
            report: self.report(),
            explanation: self.explanation().map(|(text, more)| {
                let (link, label) = more.unzip();
                ExplanationJson { text, link, label }
            }),
            exchange: self.played.as_ref().map(|played| {
                let last = played.reading.last.as_ref();
                ExchangeJson {
                    sent: request.message(),
                    interim: played
                        .reading
                        .interims
                        .iter()
                        .map(|(code, _)| *code)
                        .collect(),
                    status: last.map(|(code, ..)| *code),
                    reason: last.map(|(_, reason, _)| reason.as_str()),
                    pieces: played
                        .exchange
                        .pieces
                        .iter()
                        .map(|(at, bytes)| PieceJson {
                            at_ms: ms(*at),
                            text: String::from_utf8_lossy(bytes).into_owned(),
                        })
                        .collect(),
                    end: played.exchange.end.word(),
                    lasted_ms: ms(played.exchange.lasted),
                }
            }),
        })
    }

    fn markdown(&self) -> String {
        text::markdown(self)
    }

    fn text(&self, paint: Paint) -> String {
        text::terminal(self, paint)
    }
}

#[derive(Template)]
#[template(path = "pages/playground.html")]
struct PlaygroundPage<'a> {
    frame: Frame<'a>,
    view: &'a PlaygroundView,
    codes: &'static [Code],
    faults: Vec<(&'static str, &'static [Fault])>,
    examples: &'static [Example],
    shelves: Vec<(Family, usize)>,
}

impl PlaygroundPage<'_> {
    fn is(&self, key: &str) -> bool {
        self.view.state.with.key() == key
    }

    fn play(&self) -> &'static str {
        routes::PLAY
    }

    /// Paths to suggest, with what they are: every endpoint that a link can ask, the cause of each code, and each code of a vendor.
    fn paths(&self) -> impl Iterator<Item = (String, String)> {
        let endpoints = scenarios()
            .filter(|scenario| scenario.methods.take(&http::Method::GET))
            .map(|scenario| (scenario.example.to_owned(), scenario.title.to_owned()));
        let causes = catalog().codes().iter().map(|code| {
            let title = format!("How to cause {} {}", code.id, code.title());
            (format!("/cause/{}", code.id), title)
        });
        let vendors = Vendor::ALL.iter().flat_map(|vendor| {
            vendor.codes().iter().map(|code| {
                let title = format!("{} of {}", code.name, vendor.title());
                (format!("/vendor/{}/{}", vendor.word(), code.code), title)
            })
        });
        let mut known = std::collections::BTreeSet::new();
        endpoints
            .chain(causes)
            .chain(vendors)
            .filter(move |(path, _)| known.insert(path.clone()))
    }

    /// Whether the part of the form about the request has anything of the visitor in it.
    fn asks(&self) -> bool {
        let state = &self.view.state;
        state.method != "GET" || !state.fields.is_empty() || !state.content.is_empty()
    }

    fn time(&self, at: &std::time::Duration) -> String {
        time(*at)
    }

    /// Name and rest of a field line.
    fn halves<'t>(&self, text: &'t str, part: &Part) -> (&'t str, &'t str) {
        match part {
            Part::Field(length) => text.split_at_checked(length + 1).unwrap_or(("", text)),
            Part::Status | Part::Content => ("", text),
        }
    }

    /// Lines of a text field that shows so many.
    fn rows(&self, lines: usize) -> usize {
        (lines + 1).clamp(2, 12)
    }

    fn is_status(&self, part: &Part) -> bool {
        *part == Part::Status
    }

    /// The lines of the request, the first apart.
    fn sent(&self) -> (String, Vec<(String, String)>, String) {
        let message = self.view.request.message();
        let (head, content) = message.split_once("\r\n\r\n").unwrap_or((&message, ""));
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default().to_owned();
        let fields = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        (first, fields, content.to_owned())
    }

    /// The hue of what came back.
    fn result_hue(&self) -> &'static str {
        let class = self.view.code().map(Code::class);
        class.map_or("5", |class: Class| hue(class))
    }
}
