//! Entity tags and the conditions that name them. RFC 9110 §8.8.3 and §13.

use http::HeaderMap;
use http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};

/// What a request's conditions come to for the item as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    /// They hold, or there are none.
    Go,
    /// `If-Match` names no tag that the item has.
    NoMatch,
    /// `If-None-Match` names the tag that the item has.
    Match,
}

/// A condition as it stands in the request.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// Judges the conditions in the order of RFC 9110 §13.2.2: `If-Match` first. `tag` is the current strong tag with its quotes, or none where there is no item.
pub(super) fn judge(headers: &HeaderMap, tag: Option<&str>) -> Judgement {
    if let Some(list) = text(headers, &IF_MATCH) {
        // §13.1.1: the strong comparison, for which a weak tag equals nothing.
        let holds = tag.is_some_and(|tag| list.trim() == "*" || tags(&list).any(|one| one == tag));
        return if holds {
            judge_none(headers, tag)
        } else {
            Judgement::NoMatch
        };
    }
    judge_none(headers, tag)
}

fn judge_none(headers: &HeaderMap, tag: Option<&str>) -> Judgement {
    let Some(list) = text(headers, &IF_NONE_MATCH) else {
        return Judgement::Go;
    };
    // §13.1.2: the weak comparison.
    let is_there = tag.is_some_and(|tag| {
        list.trim() == "*" || tags(&list).any(|one| one.trim_start_matches("W/") == tag)
    });
    if is_there {
        Judgement::Match
    } else {
        Judgement::Go
    }
}

/// The tags of a list, weak ones with their `W/`. What is no tag ends it.
fn tags(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let mark = if rest.starts_with("W/") { 2 } else { 0 };
        let opaque = rest.get(mark..)?.strip_prefix('"')?;
        let end = opaque.find('"')?;
        let (tag, tail) = rest.split_at(mark + 1 + end + 1);
        rest = tail;
        Some(tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_compares_strongly_and_if_none_match_weakly() {
        for (name, list, expected) in [
            (IF_MATCH, "\"1\"", Judgement::Go),
            (IF_MATCH, "\"0\", \"1\"", Judgement::Go),
            (IF_MATCH, "*", Judgement::Go),
            (IF_MATCH, "W/\"1\"", Judgement::NoMatch),
            (IF_MATCH, "1", Judgement::NoMatch),
            (IF_NONE_MATCH, "\"1\"", Judgement::Match),
            (IF_NONE_MATCH, "W/\"1\"", Judgement::Match),
            (IF_NONE_MATCH, "\"a,b\", \"1\"", Judgement::Match),
            (IF_NONE_MATCH, "*", Judgement::Match),
            (IF_NONE_MATCH, "\"2\"", Judgement::Go),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(&name, list.parse().expect("it is a value"));
            assert_eq!(judge(&headers, Some("\"1\"")), expected, "{name}: {list}");
        }
    }

    #[test]
    fn where_there_is_nothing_only_if_match_fails() {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, "*".parse().expect("it is a value"));
        assert_eq!(judge(&headers, None), Judgement::Go);
        headers.insert(IF_MATCH, "*".parse().expect("it is a value"));
        assert_eq!(judge(&headers, None), Judgement::NoMatch);
    }
}
