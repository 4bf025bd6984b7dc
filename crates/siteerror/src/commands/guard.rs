//! `siteerror guard`: JSON lines in, JSON lines out, and nothing is connected to. Each line is judged for itself, so memory does not grow with them.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Write};
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use siteerror_guard::{
    Asked, Guard, Name, Policy, Reason, Refusal, Rules, Verdict, Walk, Warning, chain, walk,
};

use crate::args::{GuardArgs, PolicyArg};
use crate::exit::Exit;
use crate::output;

/// A line may be this long: a URL, and as many redirects as fit, with room to spare.
const LONGEST_LINE: usize = 8 << 20;
/// Read and written at once.
const BUFFER: usize = 1 << 16;
/// The method of a line that names none.
const METHOD: &str = "GET";

/// What names resolve to: the answers of the first query, of the second, and so on.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
struct Answers(BTreeMap<String, Vec<Query>>);

/// The answers of one query; a single one needs no list.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Query {
    One(String),
    Many(Vec<String>),
}

/// What is asked. Keys that are not known are left alone, so that test cases can carry notes.
#[derive(Debug, Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    url: String,
    method: Option<String>,
    #[serde(default)]
    headers: Vec<(String, String)>,
    locations: Option<Vec<Option<String>>>,
    #[serde(default)]
    dns: Answers,
}

/// What is said.
#[derive(Debug, Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Value::is_null")]
    id: Value,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// Only for chains: the hop that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    hop: Option<usize>,
    /// The hop that a loop leads back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_hop: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Advice>,
}

/// What is worth knowing about an allowed hop.
#[derive(Debug, Serialize)]
struct Advice {
    rule: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hop: Option<usize>,
    /// A name that mixes scripts in both of its forms.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unicode_host: Option<String>,
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

/// Names in the form in which they are asked for, with the answers of each query.
type Zone = HashMap<String, Vec<Vec<IpAddr>>>;

pub(crate) fn run(args: &GuardArgs) -> Exit {
    let policy = match args.policy {
        PolicyArg::Public => Policy::Public,
        PolicyArg::Local => Policy::Local,
    };
    let guard = Guard::new(Rules {
        policy,
        ..Rules::default()
    });
    let zone = match args.resolver.as_deref().map(read_zone).transpose() {
        Ok(zone) => zone.unwrap_or_default(),
        Err(what) => return output::mistake(&what, Some(ZONE_HINT)),
    };
    let input = BufReader::with_capacity(BUFFER, io::stdin().lock());
    let out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    match judge_lines(&guard, &zone, input, out) {
        Ok(exit) => exit,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(error) => output::mistake(&format!("cannot go on reading and writing: {error}"), None),
    }
}

const ZONE_HINT: &str = "answers are an object such as {\"a.com\": [[\"93.184.216.34\"]]}: for each name a list of queries, and for each query a list of addresses";

fn read_zone(file: &str) -> Result<Zone, String> {
    let text =
        fs::read_to_string(file).map_err(|error| format!("cannot read `{file}`: {error}"))?;
    let answers: Answers =
        serde_json::from_str(&text).map_err(|error| format!("cannot read `{file}`: {error}"))?;
    zone(answers).map_err(|what| format!("cannot read `{file}`: {what}"))
}

/// Names as the guard asks for them. What is no name is never asked for, so it is left out: whether a URL can have it as a host is judged with the URL.
fn zone(answers: Answers) -> Result<Zone, String> {
    let mut zone = Zone::new();
    for (name, queries) in answers.0 {
        let addresses = queries.into_iter().map(|query| match query {
            Query::One(address) => addresses(&name, &[address]),
            Query::Many(all) => addresses(&name, &all),
        });
        let queries = addresses.collect::<Result<Vec<_>, String>>()?;
        if let Ok(name) = name.parse::<Name>() {
            zone.insert(name.as_str().to_owned(), queries);
        }
    }
    Ok(zone)
}

fn addresses(name: &str, texts: &[String]) -> Result<Vec<IpAddr>, String> {
    let parse = |text: &String| {
        text.parse()
            .map_err(|_| format!("`{text}`, an answer for `{name}`, is no IP address"))
    };
    texts.iter().map(parse).collect()
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
    let own = match zone(dns) {
        Ok(own) => own,
        Err(what) => return Err(unread(id, what, ZONE_HINT)),
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
        fields: &headers,
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

/// A walk as it is said. A single URL has no hops.
fn answer(id: Value, walk: &Walk, is_chain: bool) -> Answer {
    let hop_of = |hop: usize| is_chain.then_some(hop);
    let warnings = walk.warnings.iter().map(|(hop, Warning { rule, reason })| {
        let target = walk
            .targets
            .get(*hop)
            .filter(|_| *reason == Reason::HostIdnConfusable);
        Advice {
            rule: rule.id(),
            reason: reason.code(),
            hop: hop_of(*hop),
            host: target.map(|target| target.host_text().to_owned()),
            unicode_host: target.and_then(|target| target.unicode_host().map(str::to_owned)),
        }
    });
    let said = |verdict, rule, reason, hop| Answer {
        id,
        verdict,
        rule,
        reason,
        hop,
        first_hop: walk.first,
        warnings: warnings.collect(),
    };
    match (walk.refusal, walk.not_found.first()) {
        (
            Some((
                hop,
                Refusal {
                    verdict,
                    rule,
                    reason,
                },
            )),
            _,
        ) => said(
            verdict.word(),
            Some(rule.id()),
            Some(reason.code()),
            hop_of(hop),
        ),
        (None, Some(hop)) => said(Verdict::Allowed.word(), None, Some(NOT_FOUND), hop_of(*hop)),
        (None, None) => said(Verdict::Allowed.word(), None, None, None),
    }
}

/// The guard allows the URL, and a check would end here: nobody said what the name resolves to, so no address was judged.
const NOT_FOUND: &str = "dns-not-found";

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
