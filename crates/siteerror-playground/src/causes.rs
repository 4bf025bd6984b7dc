//! Status codes caused, not said: for each code the rule by which this very server sends it, the request that meets the rule, and the harmless one that does not.
//!
//! One row a code in the files of `causes/`. A page is a view of a row, the router plays its rule, and a test sends the requests of every page and looks what comes.

mod absent;
mod access;
mod conditions;
mod demands;
mod fill;
mod gateway;
mod interim;
mod items;
mod locks;
mod messages;
mod methods;
mod moved;
mod multistatus;
mod negotiation;
mod page;
mod parts;
mod portal;
mod proxy;
mod state;
mod storage;
mod success;
mod switching;
mod traffic;
mod work;

use crate::call::Call;
use crate::refusal::Refusal;
use crate::scenario::{Later, Methods, Outcome};

pub(crate) use fill::Filler;
pub(crate) use messages::directed;
pub(crate) use page::{Listed, Shown};
pub(crate) use state::State;

/// How a code comes about here.
pub(crate) struct Cause {
    pub(crate) code: u16,
    /// What one does and what the server makes of it; where no rule sends the code, why not.
    pub(crate) rule: &'static str,
    /// The clause behind the rule.
    pub(crate) source: &'static str,
    /// What else is worth knowing; may be empty.
    pub(crate) note: &'static str,
    pub(crate) seen: Seen,
    /// The methods that its paths take.
    pub(crate) methods: Methods,
    pub(crate) play: Rule,
    /// The ways to provoke it, the plainest first. Empty where nothing does.
    pub(crate) provocations: &'static [Deed],
    /// What stays on the right side of the rule.
    pub(crate) twin: Deed,
}

/// Where a code shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Seen {
    /// It is the status of the final response.
    Final,
    /// An interim response ahead of the final one.
    Interim,
    /// In the content of a 207.
    InsideMultistatus,
    /// Nowhere.
    Never,
}

/// What its paths do.
pub(crate) enum Rule {
    /// They answer at once. The text is what follows `/try/`, empty if nothing does.
    Now(fn(&mut Call, &str) -> Outcome),
    /// They wait, or read content.
    Wait(for<'a> fn(&'a mut Call, &'a str) -> Later<'a>),
    /// The rule holds on every path, before any is looked up. This one says that it did not apply.
    Before(&'static str),
    /// There are none.
    None,
}

/// Requests, one after the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deed {
    /// What it shows, where there are several; else empty.
    pub(crate) about: &'static str,
    pub(crate) asks: &'static [Ask],
    /// For a terminal, where it does not follow from the requests.
    pub(crate) command: &'static str,
    /// The status of the last one.
    pub(crate) status: u16,
    /// All at once, not one after the other.
    pub(crate) together: bool,
}

/// A request, with `{host}`, `{try}` and `{id}` to be filled in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ask {
    /// One that any client can send.
    Plain {
        /// Method and target.
        line: &'static str,
        fields: &'static [&'static str],
        content: &'static str,
    },
    /// Bytes that no ordinary client would send.
    Raw(&'static str),
}

/// A request without content.
pub(super) const fn ask(line: &'static str, fields: &'static [&'static str]) -> Ask {
    Ask::Plain {
        line,
        fields,
        content: "",
    }
}

/// A request with content.
pub(super) const fn send(
    line: &'static str,
    fields: &'static [&'static str],
    content: &'static str,
) -> Ask {
    Ask::Plain {
        line,
        fields,
        content,
    }
}

/// A request as bytes.
pub(super) const fn raw(bytes: &'static str) -> Ask {
    Ask::Raw(bytes)
}

impl Deed {
    /// Nothing to do.
    const NONE: Self = Self::of(0, &[]);

    const fn of(status: u16, asks: &'static [Ask]) -> Self {
        Self {
            about: "",
            asks,
            command: "",
            status,
            together: false,
        }
    }

    const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    const fn command(mut self, command: &'static str) -> Self {
        self.command = command;
        self
    }

    const fn together(mut self) -> Self {
        self.together = true;
        self
    }
}

/// The row of a code that nothing here sends by a rule.
const fn never(code: u16, rule: &'static str, source: &'static str, note: &'static str) -> Cause {
    Cause {
        code,
        rule,
        source,
        note,
        seen: Seen::Never,
        methods: Methods::Only(&["GET"]),
        play: Rule::None,
        provocations: &[],
        twin: Deed::NONE,
    }
}

/// The shelves, in no order of their own.
static SHELVES: &[&[Cause]] = &[
    interim::CAUSES,
    switching::CAUSES,
    success::CAUSES,
    items::CAUSES,
    work::CAUSES,
    proxy::CAUSES,
    multistatus::CAUSES,
    moved::CAUSES,
    conditions::CAUSES,
    access::CAUSES,
    negotiation::CAUSES,
    messages::CAUSES,
    methods::CAUSES,
    locks::CAUSES,
    parts::CAUSES,
    storage::CAUSES,
    traffic::CAUSES,
    gateway::CAUSES,
    portal::CAUSES,
    absent::CAUSES,
];

/// Every row, by code.
pub(crate) fn causes() -> Vec<&'static Cause> {
    let mut all: Vec<&Cause> = SHELVES.iter().copied().flatten().collect();
    all.sort_by_key(|cause| cause.code);
    all
}

/// The row of a code.
pub(crate) fn find(code: u16) -> Option<&'static Cause> {
    SHELVES
        .iter()
        .copied()
        .flatten()
        .find(|cause| cause.code == code)
}

/// The name of whoever chose none.
const EVERYBODY: &str = "everybody";

/// A name that the client chose, out of the path. Without one, the client shares what is there with everybody who chose none.
///
/// # Errors
///
/// If what stands there is no name.
fn id<'a>(call: &Call, rest: &'a str) -> Result<&'a str, Refusal> {
    if rest.is_empty() {
        return Ok(EVERYBODY);
    }
    if crate::call::is_name(rest) {
        return Ok(rest);
    }
    Err(Refusal::parameter(
        "rest",
        rest,
        "a name is 1 to 64 letters, digits, dots, dashes or underscores",
    )
    .hint(format!(
        "for example {}",
        call.here(&format!("/cause/{}/try/my-test", call.path("code")))
    )))
}

/// The answer to a path below a rule's own that it does not have.
fn missing(call: &Call) -> Refusal {
    Refusal::new(
        "not-found",
        404,
        format!(
            "the rule has no path `{}`",
            crate::refusal::shown(call.parts.uri.path())
        ),
    )
    .hint(format!(
        "its page lists the requests that work: {}",
        call.here(&format!("/cause/{}", call.path("code")))
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_registered_code_has_one_row_and_every_row_is_whole() {
        let mut codes = BTreeSet::new();
        let mut words = BTreeSet::new();
        for cause in causes() {
            assert!(codes.insert(cause.code), "{} stands twice", cause.code);
            assert!(!cause.source.is_empty(), "{}", cause.code);
            let said = [cause.rule, cause.note]
                .into_iter()
                .chain(cause.provocations.iter().map(|deed| deed.about));
            for text in said.filter(|text| !text.is_empty()) {
                assert!(text.ends_with('.'), "{}: {text}", cause.code);
                for sentence in text.split_inclusive(". ") {
                    assert!(words.insert(sentence.trim()), "{}: {sentence}", cause.code);
                }
            }
            assert_eq!(
                cause.seen == Seen::Never,
                cause.provocations.is_empty() && cause.twin.asks.is_empty(),
                "{}",
                cause.code
            );
        }
        let registered: BTreeSet<u16> = (100..600)
            .filter(|code| siteerror_catalog::catalog().number(*code).is_some())
            .collect();
        assert_eq!(codes, registered);
    }
}
