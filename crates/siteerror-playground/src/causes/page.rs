//! A row as its page shows it.

use std::fmt::Write as _;

use askama::Template;
use serde::Serialize;
use siteerror_catalog::catalog;

use crate::call::Call;
use crate::causes::{Cause, Deed, Filler, Seen};

/// A row, filled in for one server and one name.
#[derive(Debug, Serialize, Template)]
#[template(path = "cause.html")]
pub(crate) struct Shown {
    code: u16,
    name: &'static str,
    /// What the code says.
    meaning: &'static str,
    /// Where it shows.
    seen: Seen,
    rule: &'static str,
    source: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
    provocation: Option<Doing>,
    /// Further ways to the same code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<Doing>,
    twin: Option<Doing>,
    /// Where the rule is at work.
    #[serde(rename = "try")]
    path: Option<String>,
    /// The page of the code itself.
    page: String,
    /// The page of all causes.
    all: String,
}

/// Requests with the command that sends them.
#[derive(Debug, Serialize)]
pub(crate) struct Doing {
    #[serde(skip_serializing_if = "str::is_empty")]
    about: &'static str,
    command: String,
    requests: Vec<String>,
    /// Whether they are to be sent at the same time.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    together: bool,
    status: u16,
}

/// A row in the list of all.
#[derive(Debug, Serialize)]
pub(crate) struct Listed {
    pub(crate) code: u16,
    pub(crate) name: &'static str,
    pub(crate) seen: Seen,
    pub(crate) rule: &'static str,
    pub(crate) source: &'static str,
    /// The page of the cause.
    pub(crate) cause: String,
}

/// The registered name, or what everybody calls it where that says nothing.
fn name(code: u16) -> &'static str {
    catalog().number(code).map_or("", |code| match code.name {
        "(Unused)" => code.title(),
        name => name,
    })
}

impl Listed {
    pub(crate) fn new(call: &Call, cause: &'static Cause) -> Self {
        Self {
            code: cause.code,
            name: name(cause.code),
            seen: cause.seen,
            rule: cause.rule,
            source: cause.source,
            cause: call.here(&format!("/cause/{}", cause.code)),
        }
    }
}

impl Shown {
    pub(crate) fn new(call: &Call, cause: &'static Cause, filler: &Filler) -> Self {
        let mut provocations = cause
            .provocations
            .iter()
            .enumerate()
            .map(|(index, deed)| match index {
                0 => Doing::new(deed, filler),
                _ => Doing::new(deed, &filler.beside(index + 1)),
            })
            .collect::<Vec<_>>()
            .into_iter();
        Self {
            code: cause.code,
            name: name(cause.code),
            meaning: catalog().number(cause.code).map_or("", |code| code.summary),
            seen: cause.seen,
            rule: cause.rule,
            source: cause.source,
            note: filler.fill(cause.note),
            provocation: provocations.next(),
            others: provocations.collect(),
            twin: (!cause.twin.asks.is_empty())
                .then(|| Doing::new(&cause.twin, &filler.beside("twin"))),
            path: (cause.seen != Seen::Never)
                .then(|| call.here(&format!("/cause/{}/try", cause.code))),
            page: call.shared.page(cause.code),
            all: call.here("/causes"),
        }
    }

    /// For a terminal.
    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "{} {}\n\n{}\n({})\n",
            self.code, self.name, self.rule, self.source
        );
        let how = match self.seen {
            Seen::Final | Seen::Never => "Causes it",
            Seen::Interim => "Causes it, ahead of the final response",
            Seen::InsideMultistatus => "Causes it, inside of the response",
        };
        let doings = self.doings().map(|doing| (how, doing));
        for (label, doing) in doings.chain(self.twin.iter().map(|twin| ("Stays clear of it", twin)))
        {
            let _ = write!(text, "\n{label} ({}):", doing.status);
            if !doing.about.is_empty() {
                text.push(' ');
                text.push_str(doing.about);
            }
            text.push('\n');
            for line in doing.command.lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
        if !self.note.is_empty() {
            let _ = write!(text, "\n{}\n", self.note);
        }
        let _ = write!(text, "\nMore: {}\n", self.page);
        text
    }

    fn doings(&self) -> impl Iterator<Item = &Doing> {
        self.provocation.iter().chain(&self.others)
    }
}

impl Doing {
    fn new(deed: &Deed, filler: &Filler) -> Self {
        Self {
            about: deed.about,
            command: filler.command(deed),
            requests: deed.asks.iter().map(|ask| filler.request(ask)).collect(),
            together: deed.together,
            status: deed.status,
        }
    }
}
