//! JSON as it was sent: laid out anew, with sorted keys, but every number and text keeps its digits and escapes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Up to here JSON is laid out; what is longer stays as it came, since indenting can make it many times as long.
const MOST_BYTES: usize = 64 * 1024;

/// So many levels are laid out; what lies deeper stays as it came.
const MOST_LEVELS: u8 = 32;

/// A JSON text that stays what it is: `12345678901234567890` and `1.10` are not rounded on their way through a float.
#[derive(Debug, Clone, Copy)]
pub(in crate::scenarios) struct Exact<'a> {
    raw: &'a RawValue,
    levels: u8,
}

impl<'a> Exact<'a> {
    /// Of a text that is JSON; none if it is not.
    pub(in crate::scenarios) fn parse(text: &'a str) -> Option<Self> {
        let raw: &RawValue = serde_json::from_str(text).ok()?;
        let levels = if text.len() > MOST_BYTES {
            0
        } else {
            MOST_LEVELS
        };
        Some(Self { raw, levels })
    }

    /// Whether it is an object.
    pub(in crate::scenarios) fn is_object(&self) -> bool {
        self.raw.get().starts_with('{')
    }
}

impl Serialize for Exact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.raw.get();
        if self.levels == 0 {
            return self.raw.serialize(serializer);
        }
        let inner = |raw| Exact {
            raw,
            levels: self.levels - 1,
        };
        if text.starts_with('{') {
            // Of a repeated key the last value is left, as in most parsers (RFC 8259 §4).
            match serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(text) {
                Ok(members) => {
                    serializer.collect_map(members.into_iter().map(|(key, raw)| (key, inner(raw))))
                }
                Err(_) => self.raw.serialize(serializer),
            }
        } else if text.starts_with('[') {
            match serde_json::from_str::<Vec<&RawValue>>(text) {
                Ok(items) => serializer.collect_seq(items.into_iter().map(inner)),
                Err(_) => self.raw.serialize(serializer),
            }
        } else {
            self.raw.serialize(serializer)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_escapes_stay_and_keys_are_sorted() {
        for (text, expected) in [
            (" 12345678901234567890 ", "12345678901234567890"),
            ("1.10", "1.10"),
            ("-0", "-0"),
            ("1E400", "1E400"),
            (r#""\u00e9\/""#, r#""\u00e9\/""#),
            ("{}", "{}"),
            ("[ ]", "[]"),
            (
                r#"{"b":[1,2.50],"a":{"d":null,"c":true}}"#,
                "{\n  \"a\": {\n    \"c\": true,\n    \"d\": null\n  },\n  \"b\": [\n    1,\n    2.50\n  ]\n}",
            ),
        ] {
            let exact = Exact::parse(text).expect("it is JSON");
            let shown = serde_json::to_string_pretty(&exact).expect("it is plain data");
            assert_eq!(shown, expected, "{text}");
        }
        for text in ["", "{", "nan", "'a'", "{\"a\":}", "[1,]", "1 2"] {
            assert!(Exact::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_deep_or_long_does_not_grow() {
        let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
        let long = format!("[{}1]", "1,".repeat(MOST_BYTES));
        for text in [deep, long] {
            let exact = Exact::parse(&text).expect("it is JSON");
            let shown = serde_json::to_string_pretty(&exact).expect("it is plain data");
            assert!(
                shown.len() < text.len() + 4096,
                "{} from {}",
                shown.len(),
                text.len()
            );
        }
    }
}
