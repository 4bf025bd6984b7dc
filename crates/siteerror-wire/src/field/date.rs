//! HTTP-date in its three forms: RFC 9110 §5.6.7.

/// How a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateForm {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`: what senders must write.
    Imf,
    /// `Sunday, 06-Nov-94 08:49:37 GMT`: obsolete.
    Rfc850,
    /// `Sun Nov  6 08:49:37 1994`: obsolete.
    Asctime,
}

/// A point in time, read from a field value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpDate {
    unix_s: i64,
    form: DateForm,
}

const SECONDS_PER_DAY: i64 = 86_400;
const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];
/// From Thursday: the first day of 1970 was one.
const DAYS: [(&[u8], &[u8]); 7] = [
    (b"Thu", b"Thursday"),
    (b"Fri", b"Friday"),
    (b"Sat", b"Saturday"),
    (b"Sun", b"Sunday"),
    (b"Mon", b"Monday"),
    (b"Tue", b"Tuesday"),
    (b"Wed", b"Wednesday"),
];

impl HttpDate {
    /// Reads a date. The grammar is held to the letter, and the day of the week must be that of the date.
    ///
    /// A two-digit year means the one that is not more than 50 years ahead of `now_unix_s`, in seconds since 1970.
    pub fn parse(value: &[u8], now_unix_s: i64) -> Option<Self> {
        imf(value)
            .or_else(|| rfc850(value, now_unix_s))
            .or_else(|| asctime(value))
    }

    /// Seconds since the first moment of 1970, UTC. A leap second counts as the one after it.
    pub fn unix_s(self) -> i64 {
        self.unix_s
    }

    /// How it was written.
    pub fn form(self) -> DateForm {
        self.form
    }
}

fn imf(value: &[u8]) -> Option<HttpDate> {
    let (day_name, rest) = value.split_at_checked(3)?;
    let rest = rest.strip_prefix(b", ")?;
    let (day, rest) = digits(rest, 2)?;
    let rest = rest.strip_prefix(b" ")?;
    let (month, rest) = month(rest)?;
    let rest = rest.strip_prefix(b" ")?;
    let (year, rest) = digits(rest, 4)?;
    let (time, rest) = time(rest.strip_prefix(b" ")?)?;
    (rest == b" GMT").then_some(())?;
    let days = days_since_1970(year, month, day)?;
    (DAYS.get(weekday(days))?.0 == day_name).then_some(())?;
    at(days, time, DateForm::Imf)
}

fn rfc850(value: &[u8], now_unix_s: i64) -> Option<HttpDate> {
    let comma = value.iter().position(|byte| *byte == b',')?;
    let (day_name, rest) = value.split_at_checked(comma)?;
    let rest = rest.strip_prefix(b", ")?;
    let (day, rest) = digits(rest, 2)?;
    let rest = rest.strip_prefix(b"-")?;
    let (month, rest) = month(rest)?;
    let rest = rest.strip_prefix(b"-")?;
    let (short_year, rest) = digits(rest, 2)?;
    let (time, rest) = time(rest.strip_prefix(b" ")?)?;
    (rest == b" GMT").then_some(())?;
    // "MUST interpret a timestamp that appears to be more than 50 years in the future as representing the most recent year in the past that had the
    // same last two digits": of the centuries around now, the latest that is not too far ahead. Fifty years are 18,262 days and a half.
    let horizon = now_unix_s.saturating_add(SECONDS_PER_DAY.saturating_mul(18_262));
    let century = year_of(now_unix_s)
        .checked_div_euclid(100)?
        .saturating_mul(100);
    let date = [100, 0, -100].into_iter().find_map(|shift| {
        let year = century.saturating_add(shift).saturating_add(short_year);
        let date = at(days_since_1970(year, month, day)?, time, DateForm::Rfc850)?;
        (date.unix_s <= horizon).then_some(date)
    })?;
    let days = date.unix_s.div_euclid(SECONDS_PER_DAY);
    (DAYS.get(weekday(days))?.1 == day_name).then_some(date)
}

fn asctime(value: &[u8]) -> Option<HttpDate> {
    let (day_name, rest) = value.split_at_checked(3)?;
    let rest = rest.strip_prefix(b" ")?;
    let (month, rest) = month(rest)?;
    let rest = rest.strip_prefix(b" ")?;
    let (day, rest) = match rest.strip_prefix(b" ") {
        Some(rest) => digits(rest, 1)?,
        None => digits(rest, 2)?,
    };
    let (time, rest) = time(rest.strip_prefix(b" ")?)?;
    let (year, rest) = digits(rest.strip_prefix(b" ")?, 4)?;
    rest.is_empty().then_some(())?;
    let days = days_since_1970(year, month, day)?;
    (DAYS.get(weekday(days))?.0 == day_name).then_some(())?;
    at(days, time, DateForm::Asctime)
}

fn at(days: i64, seconds: i64, form: DateForm) -> Option<HttpDate> {
    let unix_s = days.checked_mul(SECONDS_PER_DAY)?.checked_add(seconds)?;
    Some(HttpDate { unix_s, form })
}

fn digits(value: &[u8], count: usize) -> Option<(i64, &[u8])> {
    let (digits, rest) = value.split_at_checked(count)?;
    let mut number = 0_i64;
    for digit in digits {
        digit.is_ascii_digit().then_some(())?;
        // At most four of them: nothing can overflow.
        number = number
            .saturating_mul(10)
            .saturating_add(i64::from(digit.saturating_sub(b'0')));
    }
    Some((number, rest))
}

/// The month from 1 on.
fn month(value: &[u8]) -> Option<(i64, &[u8])> {
    let (name, rest) = value.split_at_checked(3)?;
    let index = MONTHS.iter().position(|month| *month == name)?;
    Some((i64::try_from(index).ok()?.saturating_add(1), rest))
}

/// Seconds of the day. "00:00:00 - 23:59:60 (leap second)".
fn time(value: &[u8]) -> Option<(i64, &[u8])> {
    let (hour, rest) = digits(value, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(b":")?, 2)?;
    let (second, rest) = digits(rest.strip_prefix(b":")?, 2)?;
    let leap = hour == 23 && minute == 59 && second == 60;
    (hour < 24 && minute < 60 && (second < 60 || leap)).then_some(())?;
    let minutes = hour.saturating_mul(60).saturating_add(minute);
    Some((minutes.saturating_mul(60).saturating_add(second), rest))
}

fn weekday(days: i64) -> usize {
    usize::try_from(days.rem_euclid(7)).unwrap_or_default()
}

fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let february = if is_leap(year) { 29 } else { 28 };
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month = usize::try_from(month.checked_sub(1)?).ok()?;
    (1..=*lengths.get(month)?).contains(&day).then_some(())?;
    let before: i64 = lengths.iter().take(month).sum();
    first_day_of(year)
        .checked_add(before)?
        .checked_add(day)?
        .checked_sub(1)
}

/// Days from 1 January 1970 to 1 January of a year.
fn first_day_of(year: i64) -> i64 {
    let past = year.saturating_sub(1);
    let leaps = past
        .div_euclid(4)
        .saturating_sub(past.div_euclid(100))
        .saturating_add(past.div_euclid(400));
    // 719,162 days lie between 1 January of the year 1 and of 1970.
    past.saturating_mul(365)
        .saturating_add(leaps)
        .saturating_sub(719_162)
}

fn year_of(unix_s: i64) -> i64 {
    let days = unix_s.div_euclid(SECONDS_PER_DAY);
    // 146,097 days are 400 years. The guess is at most one year off.
    let guess = days
        .saturating_mul(400)
        .div_euclid(146_097)
        .saturating_add(1970);
    match guess {
        year if first_day_of(year) > days => year.saturating_sub(1),
        year if first_day_of(year.saturating_add(1)) <= days => year.saturating_add(1),
        year => year,
    }
}
