//! Words for what a check found out.

use std::time::Duration;

/// Small numbers as words.
pub(super) fn count(number: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS
        .get(number)
        .map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// `two redirects`.
pub(super) fn counted(number: usize, thing: &str) -> String {
    format!(
        "{} {thing}{}",
        count(number),
        if number == 1 { "" } else { "s" }
    )
}

/// With a capital.
pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// Milliseconds for people.
pub(super) fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1e3;
    if ms < 9.95 {
        format!("{ms:.1}")
    } else {
        format!("{ms:.0}")
    }
}

/// `3 hours`: two units at most, the second only where it tells something.
pub fn span(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (86_400, "day"),
        (3600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, unit) in UNITS {
        let number = rest / size;
        if number > 0 && parts.len() < 2 {
            parts.push(format!(
                "{number} {unit}{}",
                if number == 1 { "" } else { "s" }
            ));
            rest %= size;
        } else if !parts.is_empty() {
            break;
        }
    }
    match parts.as_slice() {
        [] => "0 seconds".to_owned(),
        parts => parts.join(" and "),
    }
}

/// `12.3 kB`, in the units of the SI.
pub(super) fn bytes(number: u64) -> String {
    // Counts of bytes that are shown are below 2^53.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a thousandth does not matter here"
    )]
    let size = number as f64;
    match number {
        0 => "no bytes".to_owned(),
        1 => "1 byte".to_owned(),
        2..1000 => format!("{number} bytes"),
        1000..1_000_000 => format!("{:.1} kB", size / 1e3),
        _ => format!("{:.1} MB", size / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_two_units_at_most() {
        assert_eq!(span(10_800), "3 hours");
        assert_eq!(span(1), "1 second");
        assert_eq!(span(90_061), "1 day and 1 hour");
        assert_eq!(span(86_460), "1 day");
        assert_eq!(span(0), "0 seconds");
    }
}
