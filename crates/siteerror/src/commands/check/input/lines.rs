//! Lists with a URL a line: plain text, JSON lines, CSV. They are read line by line, however long they are.

use std::io::{self, BufRead};

use serde::Deserialize;

use super::count::Counted;
use super::{Enough, Out};

/// A line may be this long; a URL has at most 8,192 bytes.
const LONGEST: u64 = 64 << 10;
/// What a column of URLs is called.
const COLUMNS: &[&str] = &["url", "uri", "link", "href", "address", "loc", "location"];

/// Calls for each line that is not empty, with its number, until somebody has enough.
fn each(
    mut input: Counted<impl BufRead>,
    out: &Out,
    mut take: impl FnMut(&str, u64) -> Result<(), Enough>,
) -> Result<(), Enough> {
    let mut line = Vec::new();
    loop {
        let number = input.line;
        line.clear();
        let read = io::Read::take(&mut input, LONGEST).read_until(b'\n', &mut line);
        match read {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) => {
                out.mistake(number, &error.to_string());
                return Ok(());
            }
        }
        if line.last() != Some(&b'\n') && u64::try_from(line.len()) == Ok(LONGEST) {
            out.mistake(number, "it is longer than 64 KiB");
            if !skip_line(&mut input) {
                return Ok(());
            }
            continue;
        }
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
        match std::str::from_utf8(text) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => take(text.trim(), number)?,
            Err(_) => out.mistake(number, "it is not UTF-8"),
        }
    }
}

/// Passes over the rest of a line; whether there is more.
fn skip_line(input: &mut impl BufRead) -> bool {
    loop {
        let Ok(bytes) = input.fill_buf() else {
            return false;
        };
        if bytes.is_empty() {
            return false;
        }
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(bytes.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            return true;
        }
    }
}

/// A URL a line, and comments.
pub(super) fn text(input: Counted<impl BufRead>, out: &Out) -> Result<(), Enough> {
    each(input, out, |line, number| {
        if line.starts_with('#') {
            return Ok(());
        }
        out.url(line, number)
    })
}

/// A string, or an object with `url`, a line: also what `--jsonl` writes.
pub(super) fn json(input: Counted<impl BufRead>, out: &Out) -> Result<(), Enough> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Line {
        Url(String),
        Object { url: String },
    }
    each(input, out, |line, number| {
        match serde_json::from_str(line) {
            Ok(Line::Url(url) | Line::Object { url }) => out.url(&url, number),
            Err(_) => {
                out.mistake(number, "it is neither a string nor an object with `url`");
                Ok(())
            }
        }
    })
}

/// The column that is called like one of URLs, or the first in which one stands.
pub(super) fn csv(input: Counted<impl BufRead>, out: &Out) -> Result<(), Enough> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(input);
    let mut column = None;
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) if error.is_io_error() => {
                out.mistake(line, &error.to_string());
                return Ok(());
            }
            Err(_) => {
                out.mistake(line, "it is not UTF-8");
                continue;
            }
        }
        let line = record.position().map_or(line, csv::Position::line);
        let at = if let Some(at) = column {
            at
        } else if let Some(at) = record.iter().position(is_name) {
            column = Some(at);
            continue;
        } else if let Some(at) = record.iter().position(|cell| cell.contains("://")) {
            column = Some(at);
            at
        } else {
            // A head that names its column in another way: the next row tells which it is.
            continue;
        };
        if let Some(url) = record.get(at).filter(|url| !url.is_empty()) {
            out.url(url, line)?;
        }
    }
}

/// Whether a cell of the head names a column of URLs.
fn is_name(cell: &str) -> bool {
    let cell = cell.trim_start_matches('\u{feff}');
    COLUMNS.iter().any(|name| cell.eq_ignore_ascii_case(name))
}
