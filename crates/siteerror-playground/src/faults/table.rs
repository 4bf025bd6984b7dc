//! All faults, group by group.

use super::{
    Fault, answers, chunked, connection, content, fields, http2, interims, length, status_line,
    transfer,
};

/// Faults that belong together.
pub(crate) struct Group {
    /// Its heading.
    pub(crate) title: &'static str,
    pub(crate) faults: &'static [Fault],
}

/// Every group, in the order of `/faults`.
pub(crate) static GROUPS: &[Group] = &[
    Group {
        title: "Content-Length",
        faults: length::FAULTS,
    },
    Group {
        title: "The chunked coding",
        faults: chunked::FAULTS,
    },
    Group {
        title: "Transfer-Encoding",
        faults: transfer::FAULTS,
    },
    Group {
        title: "The first line",
        faults: status_line::FAULTS,
    },
    Group {
        title: "Field lines",
        faults: fields::FAULTS,
    },
    Group {
        title: "Answers, and what belongs to them",
        faults: answers::FAULTS,
    },
    Group {
        title: "Interim responses",
        faults: interims::FAULTS,
    },
    Group {
        title: "Content codings",
        faults: content::FAULTS,
    },
    Group {
        title: "The connection",
        faults: connection::FAULTS,
    },
    Group {
        title: "HTTP/2",
        faults: http2::FAULTS,
    },
];

/// All faults under the headings of `/faults`.
pub fn fault_groups() -> impl Iterator<Item = (&'static str, &'static [Fault])> {
    GROUPS.iter().map(|group| (group.title, group.faults))
}

/// All faults, in the order of `/faults`.
pub fn faults() -> impl Iterator<Item = &'static Fault> {
    GROUPS.iter().flat_map(|group| group.faults)
}

/// The fault of a name.
pub(crate) fn find(name: &str) -> Option<&'static Fault> {
    faults().find(|fault| fault.name == name)
}

/// At most three names that share the most words, or beginnings of words, with what was asked.
pub(crate) fn alike(asked: &str) -> Vec<&'static str> {
    let asked = asked.to_ascii_lowercase();
    let words: Vec<&str> = asked
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| word.len() > 1)
        .take(8)
        .collect();
    let score = |name: &str| -> usize {
        words
            .iter()
            .filter_map(|word| {
                name.split('-')
                    .map(|part| {
                        part.bytes()
                            .zip(word.bytes())
                            .take_while(|(one, other)| one == other)
                            .count()
                    })
                    .filter(|common| *common > 1)
                    .max()
            })
            .sum()
    };
    let mut scored: Vec<(usize, &str)> = faults()
        .map(|fault| (score(fault.name), fault.name))
        .filter(|(score, _)| *score > 2)
        .collect();
    // The sort is stable: among equals, the order of the table remains.
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.truncate(3);
    scored.into_iter().map(|(_, name)| name).collect()
}
