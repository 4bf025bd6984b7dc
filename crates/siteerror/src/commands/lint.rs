//! `siteerror lint`: responses from files or standard input, held against the rules.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _};

use serde::Serialize;
use siteerror_lint::Severity;
use siteerror_web::views::{LintedView, RuleFilter, RulesView};
use siteerror_web::{Linted, Sample, View as _, http_date, nearest_rules};

use crate::args::{Color, LintArgs};
use crate::exit::Exit;
use crate::output;

/// Most of a file that is read. It is all in memory, so there is an end.
const MOST_BYTES: u64 = 64 << 20;

/// What must be found for the run to end with 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct FailOn {
    /// This severity or a worse one.
    severity: Option<Severity>,
    rules: BTreeSet<&'static str>,
}

impl FailOn {
    /// Reads a list such as `warn` or `error,etag-bad`.
    fn parse(list: &str) -> Result<Self, (String, String)> {
        let mut fail_on = Self::default();
        for name in list
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            let severity = match name {
                "never" => continue,
                "error" => Severity::Error,
                "warn" => Severity::Warn,
                "info" => Severity::Info,
                other => match siteerror_lint::rule(other) {
                    Some(rule) => {
                        fail_on.rules.insert(rule.id);
                        continue;
                    }
                    None => return Err(unknown(other)),
                },
            };
            // The mildest named is the threshold.
            fail_on.severity = Some(
                fail_on
                    .severity
                    .map_or(severity, |before| before.min(severity)),
            );
        }
        Ok(fail_on)
    }

    fn is_met_by(&self, linted: &Linted) -> bool {
        linted.findings.iter().any(|finding| {
            self.severity
                .is_some_and(|least| finding.rule.severity >= least)
                || self.rules.contains(finding.rule.id)
        })
    }
}

/// What was wrong with a name, and what may have been meant.
fn unknown(name: &str) -> (String, String) {
    let near: Vec<&str> = nearest_rules(name)
        .into_iter()
        .map(|rule| rule.id)
        .collect();
    let hint = if near.is_empty() {
        "use error, warn, info, never, or names of rules: siteerror lint --rules".to_owned()
    } else {
        format!("did you mean {}?", near.join(", or "))
    };
    (
        format!("--fail-on: `{name}` is neither a severity nor a rule"),
        hint,
    )
}

/// The JSON of a file: that of the API, with the file's name.
#[derive(Serialize)]
struct FileJson<'a> {
    file: &'a str,
    #[serde(flatten)]
    linted: &'a Linted,
}

pub(crate) fn run(args: &LintArgs, color: Color) -> Exit {
    if args.rules {
        let view = RulesView(RuleFilter::default());
        return output::result(&if args.json {
            view.json()
        } else {
            view.text(output::paint(color))
        });
    }
    let fail_on = match FailOn::parse(&args.fail_on) {
        Ok(fail_on) => fail_on,
        Err((what, hint)) => return output::mistake(&what, Some(&hint)),
    };
    let received_at_unix_s = match args
        .received_at
        .as_deref()
        .map(|date| (date, http_date(date)))
    {
        Some((date, None)) => {
            let what = format!("--received-at: `{date}` is no date of HTTP");
            return output::mistake(&what, Some("write it as `Tue, 24 Nov 2026 08:00:00 GMT`"));
        }
        Some((_, date)) => date,
        None => None,
    };
    let from_input = args
        .file
        .iter()
        .chain(&args.request)
        .filter(|file| *file == "-");
    if from_input.count() > 1 {
        return output::mistake("standard input can be read once", None);
    }
    let request = match args.request.as_deref().map(read).transpose() {
        Ok(request) => request.unwrap_or_default(),
        Err(what) => return output::mistake(&what, None),
    };
    let mut all = Vec::new();
    for file in &args.file {
        let linted = read(file).and_then(|response| {
            let sample = Sample {
                response,
                request: request.clone(),
                url: args.url.clone(),
                received_at_unix_s,
            };
            let linted = if args.text {
                sample.lint_pasted()
            } else {
                sample.lint()
            };
            linted.map_err(|error| format!("{}: {error}", called(file)))
        });
        match linted {
            Ok(linted) => all.push((file.as_str(), linted)),
            Err(what) => {
                let hint = (!args.text).then_some("if it was copied from a screen, try --text");
                return output::mistake(&what, hint);
            }
        }
    }
    let text = if args.json {
        json(&all)
    } else {
        let paint = output::paint(color);
        let cards: Vec<String> = all
            .iter()
            .map(|(name, linted)| {
                let name = called(name);
                LintedView { linted, name }.text(paint)
            })
            .collect();
        cards.join("\n")
    };
    let is_met = all.iter().any(|(_, linted)| fail_on.is_met_by(linted));
    match output::result(&text) {
        Exit::Fine if is_met => Exit::Found,
        exit => exit,
    }
}

/// What a file is called in words.
fn called(file: &str) -> &str {
    if file == "-" { "standard input" } else { file }
}

/// An object for one file, an array for several.
fn json(all: &[(&str, Linted)]) -> String {
    let files: Vec<FileJson<'_>> = all
        .iter()
        .map(|(file, linted)| FileJson { file, linted })
        .collect();
    let json = match files.as_slice() {
        [one] => serde_json::to_string_pretty(one),
        all => serde_json::to_string_pretty(all),
    };
    let mut json = json.expect("findings are plain data");
    json.push('\n');
    json
}

/// A file, or standard input for `-`.
fn read(name: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let done = if name == "-" {
        io::stdin()
            .lock()
            .take(MOST_BYTES + 1)
            .read_to_end(&mut bytes)
    } else {
        fs::File::open(name).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
    };
    match done {
        Err(error) => Err(format!("cannot read {}: {error}", called(name))),
        Ok(length) if length as u64 > MOST_BYTES => {
            Err(format!("{} has more than {MOST_BYTES} bytes", called(name)))
        }
        Ok(_) => Ok(bytes),
    }
}
