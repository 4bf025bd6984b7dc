//! Identities of codes, as content files write them and as Rust source.

use super::front::Shelf;

/// The Rust source of an identity such as `404`, `nginx/499` or `iis/404.13`; none if it is no identity.
pub(crate) fn emit_id(text: &str) -> Option<String> {
    let (vendor, rest) = match text.split_once('/') {
        Some((shelf, rest)) => (Some(Shelf::named(shelf)?), rest),
        None => (None, text),
    };
    let (number, substatus) = match rest.split_once('.') {
        Some((number, substatus)) => (number, Some(digits(substatus)?)),
        None => (rest, None),
    };
    let number = digits(number).filter(|value| number.len() == 3 && *value >= 100)?;
    if substatus.is_some() && vendor != Some(Shelf::Iis) {
        return None;
    }
    let vendor = vendor.map_or("None".to_owned(), |shelf| {
        format!("Some(Vendor::{shelf:?})")
    });
    Some(format!("CodeId::of({number}, {vendor}, {substatus:?})"))
}

fn digits(text: &str) -> Option<u16> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}
