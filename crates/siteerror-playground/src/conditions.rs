//! Preconditions and ranges: what a request asks of the representation that it is about. RFC 9110 §13 and §14; nothing here knows any scenario.

use http::header::{IF_MATCH, IF_NONE_MATCH, IF_RANGE, RANGE};
use http::{HeaderMap, HeaderName, Method};

/// An entity tag as it is compared: RFC 9110 §8.8.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct EntityTag<'a> {
    weak: bool,
    opaque: &'a [u8],
}

/// What comes of the preconditions of a request, in the order of RFC 9110 §13.2.2, for a representation that has an entity tag and no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The method is to be performed.
    Perform,
    /// `If-None-Match` names what there is, and the client only wanted to read: 304.
    NotModified,
    /// A condition does not hold: 412. The field that said so.
    Failed(&'static str),
}

/// Judges If-Match and If-None-Match; `current` is what stands between the quotes of a strong entity tag. Conditions by date are passed over, as RFC 9110 §13.1.3
/// and §13.1.4 demand where no date is known.
pub(crate) fn judge(method: &Method, headers: &HeaderMap, current: &[u8]) -> Verdict {
    let current = EntityTag {
        weak: false,
        opaque: current,
    };
    if headers.contains_key(IF_MATCH)
        && !lists(headers, &IF_MATCH, |tag| tag.equals_strongly(&current))
    {
        return Verdict::Failed("If-Match");
    }
    if headers.contains_key(IF_NONE_MATCH)
        && lists(headers, &IF_NONE_MATCH, |tag| tag.opaque == current.opaque)
    {
        return if matches!(*method, Method::GET | Method::HEAD) {
            Verdict::NotModified
        } else {
            Verdict::Failed("If-None-Match")
        };
    }
    Verdict::Perform
}

/// Whether what stands in this can be between the quotes of an entity tag: RFC 9110 §8.8.3, `etagc`.
pub(crate) fn is_opaque_tag(text: &[u8]) -> bool {
    text.iter()
        .all(|byte| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..))
}

impl EntityTag<'_> {
    /// RFC 9110 §8.8.3.2: both are strong, and the same byte for byte.
    fn equals_strongly(&self, other: &Self) -> bool {
        !self.weak && !other.weak && self.opaque == other.opaque
    }
}

/// Whether a field is `*`, or has a tag in its list that fits. What is no entity tag fits nothing.
fn lists(headers: &HeaderMap, name: &HeaderName, fits: impl Fn(EntityTag<'_>) -> bool) -> bool {
    let mut lines = headers.get_all(name).iter();
    if let (Some(only), None) = (lines.next(), lines.next())
        && only.as_bytes().trim_ascii() == b"*"
    {
        return true;
    }
    headers.get_all(name).iter().any(|line| {
        let mut rest = line.as_bytes();
        while !rest.is_empty() {
            let (tag, after) = next_tag(rest);
            if tag.is_some_and(&fits) {
                return true;
            }
            rest = after;
        }
        false
    })
}

/// The first element of a list of entity tags, if it is one, and what stands after its comma. A comma may stand between the quotes.
fn next_tag(list: &[u8]) -> (Option<EntityTag<'_>>, &[u8]) {
    let comma = |text: &[u8]| text.iter().position(|byte| *byte == b',');
    let text = list.trim_ascii_start();
    let (weak, quoted) = match text.strip_prefix(b"W/") {
        Some(quoted) => (true, quoted),
        None => (false, text),
    };
    if let Some(opened) = quoted.strip_prefix(b"\"")
        && let Some(end) = opened.iter().position(|byte| *byte == b'"')
        && let (opaque, [_, after @ ..]) = opened.split_at(end)
        && is_opaque_tag(opaque)
    {
        let tail = comma(after).unwrap_or(after.len());
        let (gap, rest) = after.split_at(tail);
        let tag = gap
            .trim_ascii()
            .is_empty()
            .then_some(EntityTag { weak, opaque });
        return (tag, rest.get(1..).unwrap_or_default());
    }
    match comma(text) {
        Some(at) => (None, text.get(at + 1..).unwrap_or_default()),
        None => (None, &[]),
    }
}

/// A part of a representation, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// What to send of a representation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Selection {
    /// All of it: no range was asked, or one that is passed over.
    Whole,
    /// These parts, in the order that was asked for.
    Parts(Vec<Part>),
    /// There is nothing where the request looks: 416.
    Nothing,
}

/// The most parts that one response has; for more the whole is sent, which RFC 9110 §14.2 always allows.
const MOST_PARTS: usize = 16;

/// What the Range field asks of a representation with this length and strong entity tag.
///
/// RFC 9110 §14.2: for other methods than GET, for other units than bytes and where the field breaks its grammar, it is passed over. So it is where `If-Range` names
/// another representation (§13.1.5), and where parts overlap or are too many, since answering those would send more than there is.
pub(crate) fn select(
    method: &Method,
    headers: &HeaderMap,
    current: &[u8],
    length: usize,
) -> Selection {
    let mut lines = headers.get_all(RANGE).iter();
    let (Some(range), None) = (lines.next(), lines.next()) else {
        return Selection::Whole;
    };
    if *method != Method::GET || !if_range_holds(headers, current) {
        return Selection::Whole;
    }
    let Some(specs) = range.to_str().ok().and_then(parse_range) else {
        return Selection::Whole;
    };
    let parts: Vec<Part> = specs.iter().filter_map(|spec| spec.part(length)).collect();
    if parts.is_empty() {
        return Selection::Nothing;
    }
    let mut sorted: Vec<&Part> = parts.iter().collect();
    sorted.sort_by_key(|part| part.first);
    let overlaps = sorted
        .iter()
        .zip(sorted.iter().skip(1))
        .any(|(one, next)| next.first <= one.last);
    if overlaps || parts.len() > MOST_PARTS {
        Selection::Whole
    } else {
        Selection::Parts(parts)
    }
}

/// RFC 9110 §13.1.5: a tag is compared strongly; a date equals no modification date, because there is none.
fn if_range_holds(headers: &HeaderMap, current: &[u8]) -> bool {
    let mut lines = headers.get_all(IF_RANGE).iter();
    match (lines.next(), lines.next()) {
        (None, _) => true,
        (Some(only), None) => {
            let text = only.as_bytes().trim_ascii();
            text.strip_prefix(b"\"")
                .and_then(|text| text.strip_suffix(b"\""))
                == Some(current)
        }
        _ => false,
    }
}

/// A range as it is written. Numbers beyond all measure stay at the greatest: they are beyond every length, too.
enum Spec {
    From(usize, Option<usize>),
    Last(usize),
}

impl Spec {
    /// The part of a representation of this length, if there is one.
    fn part(&self, length: usize) -> Option<Part> {
        let end = length.checked_sub(1)?;
        match *self {
            Self::From(first, last) => (first < length).then(|| Part {
                first,
                last: last.map_or(end, |last| last.min(end)),
            }),
            Self::Last(count) => (count > 0).then(|| Part {
                first: length.saturating_sub(count),
                last: end,
            }),
        }
    }
}

/// RFC 9110 §14.1.1 and §14.1.2; none if the unit is another one or the grammar is broken.
fn parse_range(text: &str) -> Option<Vec<Spec>> {
    let (unit, set) = text.split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let mut specs = Vec::new();
    for item in set.split(',').map(|item| item.trim_matches([' ', '\t'])) {
        // RFC 9110 §5.6.1.2: a recipient takes empty elements.
        if item.is_empty() {
            continue;
        }
        let (first, last) = item.split_once('-')?;
        specs.push(match (first, last) {
            ("", count) => Spec::Last(number(count)?),
            (first, "") => Spec::From(number(first)?, None),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                if last < first {
                    return None;
                }
                Spec::From(first, Some(last))
            }
        });
    }
    (!specs.is_empty()).then_some(specs)
}

fn number(digits: &str) -> Option<usize> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn headers(fields: &[(HeaderName, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, HeaderValue::from_str(value).expect("it is a value"));
        }
        headers
    }

    /// RFC 9110 §8.8.3.2 has the table of comparisons, §13.1.1 and §13.1.2 the rest.
    #[test]
    fn tags_are_compared_strongly_or_weakly() {
        for (value, strongly, weakly) in [
            ("\"1\"", true, true),
            ("W/\"1\"", false, true),
            ("w/\"1\"", false, false),
            ("\"2\"", false, false),
            ("*", true, true),
            ("\"2\", \"1\"", true, true),
            ("\"2\",,W/\"1\"", false, true),
            ("\"2,\\\", \"1\"", true, true),
            ("1", false, false),
            ("\"1", false, false),
            ("\"1\"x", false, false),
            ("\"1\" , \"3\"", true, true),
            ("x, \"1\"", true, true),
            ("", false, false),
        ] {
            let fields = headers(&[(IF_MATCH, value)]);
            let expected = if strongly {
                Verdict::Perform
            } else {
                Verdict::Failed("If-Match")
            };
            assert_eq!(judge(&Method::GET, &fields, b"1"), expected, "{value}");
            let fields = headers(&[(IF_NONE_MATCH, value)]);
            let expected = if weakly {
                Verdict::NotModified
            } else {
                Verdict::Perform
            };
            assert_eq!(judge(&Method::GET, &fields, b"1"), expected, "{value}");
        }
    }

    #[test]
    fn if_match_is_judged_first_and_other_methods_fail() {
        let both = headers(&[(IF_MATCH, "\"2\""), (IF_NONE_MATCH, "\"1\"")]);
        assert_eq!(
            judge(&Method::GET, &both, b"1"),
            Verdict::Failed("If-Match")
        );
        let none = headers(&[(IF_NONE_MATCH, "\"0\""), (IF_NONE_MATCH, "\"1\"")]);
        assert_eq!(
            judge(&Method::PUT, &none, b"1"),
            Verdict::Failed("If-None-Match")
        );
        assert_eq!(judge(&Method::HEAD, &none, b"1"), Verdict::NotModified);
    }

    proptest! {
        #[test]
        fn no_field_breaks_anything_and_parts_lie_inside(bytes in proptest::collection::vec(0x20_u8..0x7f, 0..60), length in 0_usize..2000) {
            let value = HeaderValue::from_bytes(&bytes).expect("it is a value");
            let mut fields = HeaderMap::new();
            fields.insert(IF_NONE_MATCH, value.clone());
            fields.insert(RANGE, value);
            judge(&Method::GET, &fields, b"1");
            if let Selection::Parts(parts) = select(&Method::GET, &fields, b"1", length) {
                for part in parts {
                    prop_assert!(part.first <= part.last && part.last < length);
                }
            }
        }

        #[test]
        fn parts_never_send_more_than_there_is(items in proptest::collection::vec(("[0-9]{0,4}", "[0-9]{0,4}"), 1..20), length in 1_usize..2000) {
            let set: Vec<String> = items.iter().map(|(first, last)| format!("{first}-{last}")).collect();
            let fields = headers(&[(RANGE, &format!("bytes={}", set.join(",")))]);
            if let Selection::Parts(parts) = select(&Method::GET, &fields, b"1", length) {
                let sum: usize = parts.iter().map(|part| part.last - part.first + 1).sum();
                prop_assert!(sum <= length);
            }
        }
    }
}
