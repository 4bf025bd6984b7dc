//! One hit of a rule: where, and in one sentence what.

use std::ops::Range;

use crate::rule::Rule;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Breaks a SHOULD, or is known to hurt.
    Warn,
    /// Breaks a MUST, or recipients fail.
    Error,
}

impl Severity {
    /// The name in JSON: `error`, `warn`, `info`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
        }
    }
}

/// What a finding points at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The field by its name in lower case, where it is about one.
    pub field: Option<String>,
    /// The bytes in what the server sent, counted from the first one.
    pub bytes: Option<Range<u64>>,
}

/// One hit of a rule.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The hop that it is about, from 0.
    pub hop: usize,
    /// What it points at.
    pub place: Place,
    /// What was seen, in one sentence, for this response. What came from the server is in it as [`Shown`](siteerror_wire::write::Shown).
    pub text: String,
}

/// Collects what the rules find.
#[derive(Debug)]
pub(crate) struct Findings {
    rule: &'static Rule,
    hop: usize,
    of_this_rule: usize,
    found: Vec<Finding>,
}

impl Findings {
    /// So many hits of one rule in one response are told: enough to see what is wrong, and a hostile response cannot make it more.
    pub(crate) const MOST: usize = 8;

    pub(crate) fn new(first: &'static Rule) -> Self {
        Self {
            rule: first,
            hop: 0,
            of_this_rule: 0,
            found: Vec::new(),
        }
    }

    pub(crate) fn turn_to(&mut self, rule: &'static Rule, hop: usize) {
        self.rule = rule;
        self.hop = hop;
        self.of_this_rule = 0;
    }

    /// About the response as a whole.
    pub(crate) fn hit(&mut self, text: impl Into<String>) {
        self.push(Place::default(), text.into());
    }

    /// About a field that is missing, or about one as a whole.
    pub(crate) fn field(&mut self, name: &str, text: impl Into<String>) {
        let place = Place {
            field: Some(name.to_ascii_lowercase()),
            bytes: None,
        };
        self.push(place, text.into());
    }

    /// About one line of a field.
    pub(crate) fn line(
        &mut self,
        line: siteerror_wire::message::FieldLine<'_>,
        text: impl Into<String>,
    ) {
        let bytes = line.as_bytes();
        let place = Place {
            field: line
                .name()
                .map(|name| String::from_utf8_lossy(name).to_ascii_lowercase()),
            bytes: Some(line.offset()..line.offset() + bytes.len() as u64),
        };
        self.push(place, text.into());
    }

    /// About bytes somewhere.
    pub(crate) fn bytes(&mut self, bytes: Range<u64>, text: impl Into<String>) {
        let place = Place {
            field: None,
            bytes: Some(bytes),
        };
        self.push(place, text.into());
    }

    /// About the field line in which a byte lies; where there is none, about that place.
    pub(crate) fn at(
        &mut self,
        subject: &crate::subject::Subject<'_>,
        offset: u64,
        text: impl Into<String>,
    ) {
        match subject.line_at(offset) {
            Some(line) => self.line(line, text),
            None => self.bytes(offset..offset, text),
        }
    }

    /// About another hop than the one at hand.
    pub(crate) fn at_hop(&mut self, hop: usize) -> &mut Self {
        self.hop = hop;
        self
    }

    pub(crate) fn into_found(self) -> Vec<Finding> {
        self.found
    }

    fn push(&mut self, place: Place, text: String) {
        self.of_this_rule += 1;
        if self.of_this_rule <= Self::MOST {
            self.found.push(Finding {
                rule: self.rule,
                hop: self.hop,
                place,
                text,
            });
        }
    }
}
