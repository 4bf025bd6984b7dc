//! What stands in field values: lists, parameters, lengths, dates. Structured fields (RFC 9651) are not read here.

mod date;
mod list;
mod trailer;

use std::time::Duration;

pub use date::{DateForm, HttpDate};
pub(crate) use list::trim;
pub use list::{Parameter, is_token, list, parameters, unquote};
pub use trailer::may_be_trailer;

use crate::message::Fields;

/// What the Content-Length lines of a message say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentLength {
    /// No such line.
    Absent,
    /// One number. One that is too large for the type is the largest of the type: nobody lives to see the difference.
    Once(u64),
    /// The same number more than once, on several lines or in a list. RFC 9112 §6.3 lets a recipient take it as one.
    Repeated(u64),
    /// Numbers that differ.
    Differing,
    /// Something that is no row of digits.
    Bad,
}

impl ContentLength {
    /// Reads all Content-Length lines: RFC 9110 §8.6, RFC 9112 §6.3.
    pub fn of(fields: &Fields) -> Self {
        let mut found: Option<Vec<u8>> = None;
        let mut times = 0_usize;
        let mut differing = false;
        for line in fields.named("content-length") {
            for value in line.value().split(|byte| *byte == b',') {
                let value = trim(value);
                if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
                    return Self::Bad;
                }
                let zeros = value.iter().take_while(|byte| **byte == b'0').count();
                let digits = value.get(zeros..).unwrap_or_default();
                times = times.saturating_add(1);
                match &found {
                    None => found = Some(digits.to_vec()),
                    Some(first) => differing |= first != digits,
                }
            }
        }
        let Some(digits) = found else {
            return Self::Absent;
        };
        match (differing, times) {
            (true, _) => Self::Differing,
            (false, 1) => Self::Once(number(&digits)),
            (false, _) => Self::Repeated(number(&digits)),
        }
    }

    /// The length, if it is clear.
    pub fn length(self) -> Option<u64> {
        match self {
            Self::Once(length) | Self::Repeated(length) => Some(length),
            Self::Absent | Self::Differing | Self::Bad => None,
        }
    }
}

/// How long a client is asked to wait: RFC 9110 §10.2.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// `delay-seconds`: from when the response was received.
    Delay(Duration),
    /// Until then.
    Date(HttpDate),
}

impl RetryAfter {
    /// Reads a value of Retry-After. A two-digit year is understood as of `now_unix_s`, in seconds since 1970.
    pub fn parse(value: &[u8], now_unix_s: i64) -> Option<Self> {
        if !value.is_empty() && value.iter().all(u8::is_ascii_digit) {
            return Some(Self::Delay(Duration::from_secs(number(value))));
        }
        HttpDate::parse(value, now_unix_s).map(Self::Date)
    }

    /// How long to wait as of `now_unix_s`; nothing if the date has passed.
    pub fn wait(self, now_unix_s: i64) -> Duration {
        match self {
            Self::Delay(delay) => delay,
            Self::Date(date) => {
                let seconds = date.unix_s().saturating_sub(now_unix_s);
                Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
            }
        }
    }
}

/// The number that digits stand for; the largest of the type if it is larger still (RFC 9110 §8.6: recipients must not let it overflow).
fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0_u64, |sum, digit| {
        sum.saturating_mul(10)
            .saturating_add(u64::from(digit.wrapping_sub(b'0')))
    })
}
