//! A rule: what its page says, when it is asked, and the function that looks.

use siteerror_wire::DefectKind;

use crate::chain::{Chain, Probes};
use crate::finding::Findings;
use crate::page::Page;
use crate::subject::Subject;

/// A rule of the linter. It reads as its [`Page`].
#[derive(Debug)]
pub struct Rule {
    pub(crate) page: &'static Page,
    pub(crate) look: Look,
}

impl std::ops::Deref for Rule {
    type Target = Page;

    fn deref(&self) -> &Page {
        self.page
    }
}

impl Rule {
    /// The address of its page.
    pub fn href(&self) -> String {
        format!("/rules/{}", self.id)
    }
}

/// A row of a group's table: the name of a rule, and how it looks.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) look: Look,
}

/// When a rule is asked, and what it looks at. Most rules are about something that most responses do not have, so that most are never asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Look {
    /// Every response with a head.
    Always(fn(&Subject<'_>, &mut Findings)),
    /// Responses with one of these fields in the final head; names in lower case. Asked once, however many there are.
    Field(&'static [&'static str], fn(&Subject<'_>, &mut Findings)),
    /// Responses with one of these status codes.
    Code(&'static [u16], fn(&Subject<'_>, &mut Findings)),
    /// What the reader of messages noted.
    Defect(&'static [DefectKind], fn(&Subject<'_>, &mut Findings)),
    /// Responses with interim responses before them.
    Interim(fn(&Subject<'_>, &mut Findings)),
    /// Exchanges over TLS.
    Tls(fn(&Subject<'_>, &mut Findings)),
    /// A chain as a whole.
    Chain(fn(&Chain<'_>, &mut Findings)),
    /// The answers to more requests.
    Probes(fn(&Probes<'_>, &mut Findings)),
}
