//! Two checks beside each other.

use super::story::Story;
use super::words::ms;

/// A fact that two checks do not share.
#[derive(Debug)]
pub(in crate::views) struct Difference {
    pub(in crate::views) what: &'static str,
    pub(in crate::views) first: String,
    pub(in crate::views) second: String,
    pub(in crate::views) same: bool,
}

/// What two checks say about the same things.
pub(super) fn differences(first: &Story, second: &Story) -> Vec<Difference> {
    let row = |what, first: String, second: String| Difference {
        what,
        same: first == second,
        first,
        second,
    };
    let fact = |story: &Story, what: &str| {
        let found = story.facts.iter().find(|(word, _)| *word == what);
        found.map_or_else(|| "–".to_owned(), |(_, value)| value.clone())
    };
    let mut rows = vec![
        row("Answer", first.answered(), second.answered()),
        row(
            "Last URL",
            first.final_url.clone(),
            second.final_url.clone(),
        ),
        row(
            "Requests",
            first.steps.len().to_string(),
            second.steps.len().to_string(),
        ),
    ];
    for what in ["Type", "Size", "Caching"] {
        rows.push(row(what, fact(first, what), fact(second, what)));
    }
    if let (Some(one), Some(other)) = (first.sha256, second.sha256) {
        let words = if one == other {
            "the same bytes"
        } else {
            "other bytes"
        };
        rows.push(Difference {
            what: "Content",
            first: words.to_owned(),
            second: words.to_owned(),
            same: one == other,
        });
    }
    rows.push(row(
        "Errors",
        first.errors().to_string(),
        second.errors().to_string(),
    ));
    let time = |story: &Story| format!("{} ms", ms(story.total));
    rows.push(Difference {
        what: "Time",
        first: time(first),
        second: time(second),
        // Two times are never the same, and that is nothing to mark.
        same: true,
    });
    rows
}
