//! `siteerror guard`: JSON lines in, JSON lines out, and nothing is connected to. Each line is judged for itself, so memory does not grow with them.

mod answer;
mod zone;

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use siteerror_guard::{Asked, Guard, Policy, Rules, chain, walk};

use self::answer::{Answer, answer};
use self::zone::{Answers, Zone, zone};
use crate::args::{GuardArgs, PolicyArg};
use crate::exit::Exit;
use crate::output;

/// A line may be this long: a URL, and as many redirects as fit, with room to spare.
const LONGEST_LINE: usize = 8 << 20;
/// Read and written at once.
const BUFFER: usize = 1 << 16;
/// The method of a line that names none.
const METHOD: &str = "GET";

/// What is asked. Keys that are not known are left alone, so that test cases can carry notes.
#[derive(Debug, Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    url: String,
    method: Option<String>,
    headers: Option<Vec<(String, String)>>,
    locations: Option<Vec<Option<String>>>,
    dns: Option<Answers>,
}

/// A line that could not be judged.
#[derive(Debug, Serialize)]
struct Mistake<'a> {
    #[serde(skip_serializing_if = "Value::is_null")]
    id: Value,
    line: u64,
    error: String,
    hint: &'a str,
}

pub(crate) fn run(args: &GuardArgs) -> Exit {
    let policy = match args.policy {
        PolicyArg::Public => Policy::Public,
        PolicyArg::Local => Policy::Local,
    };
    let guard = Guard::new(Rules {
        policy,
        ..Rules::default()
    });
    let zone = match args.resolver.as_deref().map(zone::read).transpose() {
        Ok(zone) => zone.unwrap_or_default(),
        Err(what) => return output::mistake(&what, Some(zone::HINT)),
    };
    let input = BufReader::with_capacity(BUFFER, io::stdin().lock());
    let out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    match judge_lines(&guard, &zone, input, out) {
        Ok(exit) => exit,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(error) => output::mistake(&format!("cannot go on reading and writing: {error}"), None),
    }
}

/// Judges line after line until the input ends.
fn judge_lines(
    guard: &Guard,
    zone: &Zone,
    mut input: BufReader<impl Read>,
    mut out: impl Write,
) -> io::Result<Exit> {
    let mut exit = Exit::Fine;
    let mut line = Vec::new();
    let mut number: u64 = 0;
    loop {
        let got = read_line(&mut input, &mut line)?;
        if got == Got::End {
            out.flush()?;
            return Ok(exit);
        }
        number += 1;
        if got == Got::Line && line.trim_ascii().is_empty() {
            continue;
        }
        let judged = match got {
            Got::TooLong => Err(Unread {
                id: Value::Null,
                what: format!("it is longer than {LONGEST_LINE} bytes"),
                hint: "a URL has at most 8192 bytes, and a chain at most 20 redirects",
            }),
            _ => judge(guard, zone, &line),
        };
        match judged {
            Ok(answer) => serde_json::to_writer(&mut out, &answer)?,
            Err(Unread { id, what, hint }) => {
                exit = Exit::Usage;
                let error = format!("cannot read line {number}: {what}");
                let mistake = Mistake {
                    id,
                    line: number,
                    error,
                    hint,
                };
                serde_json::to_writer(&mut out, &mistake)?;
            }
        }
        out.write_all(b"\n")?;
        // Whoever waits for this answer before asking again gets it; whoever has asked already gets many at once.
        if !input.buffer().contains(&b'\n') {
            out.flush()?;
        }
    }
}

/// Why a line could not be judged.
struct Unread {
    id: Value,
    what: String,
    hint: &'static str,
}

/// Judges one line.
fn judge(guard: &Guard, file: &Zone, line: &[u8]) -> Result<Answer, Unread> {
    let unread = |id, what, hint| Unread { id, what, hint };
    // An array could be read as the keys in their order, which nobody means.
    if !line.trim_ascii_start().starts_with(b"{") {
        return Err(unread(
            Value::Null,
            "it is no JSON object".to_owned(),
            LINE_HINT,
        ));
    }
    let question: Question = serde_json::from_slice(line).map_err(|error| {
        let id = serde_json::from_slice(line)
            .ok()
            .and_then(|value: Value| value.get("id").cloned());
        unread(id.unwrap_or_default(), without_place(&error), LINE_HINT)
    })?;
    let Question {
        id,
        url,
        method,
        headers,
        locations,
        dns,
    } = question;
    let own = match zone(dns.unwrap_or_default()) {
        Ok(own) => own,
        Err(what) => return Err(unread(id, what, zone::HINT)),
    };
    let is_chain = locations.is_some();
    let locations = locations.unwrap_or_default();
    // A hop without Location is the last one.
    let locations: Vec<&[u8]> = locations
        .iter()
        .map_while(|location| location.as_deref().map(str::as_bytes))
        .collect();
    let asked = Asked {
        url: url.as_bytes(),
        method: method.as_deref().unwrap_or(METHOD),
        fields: headers.as_deref().unwrap_or_default(),
        locations: &locations,
        redirects: chain::REDIRECTS,
    };
    let mut times: HashMap<String, usize> = HashMap::new();
    let walk = walk(guard, asked, |name| {
        let Some(queries) = own.get(name).or_else(|| file.get(name)) else {
            return Vec::new();
        };
        let time = times.entry(name.to_owned()).or_default();
        let answers = queries.get(*time).or_else(|| queries.last());
        *time += 1;
        answers.cloned().unwrap_or_default()
    });
    Ok(answer(id, &walk, is_chain))
}

const LINE_HINT: &str = "write an object such as {\"id\": \"1\", \"url\": \"https://example.com/\"}; siteerror guard --help has all keys";

/// The text of an error without its line, which is always the first here.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((text, _)) if error.column() > 0 => format!("{text} at column {}", error.column()),
        _ => text,
    }
}

/// What came from the input.
#[derive(Debug, PartialEq, Eq)]
enum Got {
    Line,
    TooLong,
    End,
}

/// Reads a line without its end. Of one that is too long, the rest is passed over.
fn read_line(input: &mut BufReader<impl Read>, line: &mut Vec<u8>) -> io::Result<Got> {
    line.clear();
    let mut is_too_long = false;
    let mut is_end = true;
    loop {
        let piece = input.fill_buf()?;
        if piece.is_empty() {
            break;
        }
        is_end = false;
        let end = piece.iter().position(|byte| *byte == b'\n');
        let text = piece.get(..end.unwrap_or(piece.len())).unwrap_or_default();
        if line.len() + text.len() > LONGEST_LINE {
            is_too_long = true;
        } else {
            line.extend_from_slice(text);
        }
        let used = text.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            break;
        }
    }
    Ok(match (is_end, is_too_long) {
        (true, _) => Got::End,
        (_, true) => Got::TooLong,
        _ => Got::Line,
    })
}
