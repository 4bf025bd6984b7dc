//! Reports as SARIF 2.1.0: a result for each failure, each status that `--fail-on` lists, and each finding.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};
use siteerror_check::Kind;
use siteerror_lint::Severity;

use super::report::{Face, Row, Totals, named};

/// SARIF. Rules are told after the results, when it is known which there are.
#[derive(Debug, Default)]
pub(crate) struct Sarif {
    rules: BTreeMap<String, Value>,
    is_begun: bool,
}

impl Face for Sarif {
    fn begin(&mut self, out: &mut dyn Write, _: &Totals) -> io::Result<()> {
        out.write_all(
            br#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"columnKind":"unicodeCodePoints","results":["#,
        )
    }

    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
        let report = row.report;
        if let Some(failure) = &report.failure {
            self.kind(failure.kind);
            let counts = row
                .problems
                .iter()
                .any(|problem| problem == failure.kind.name());
            let level = if counts { "error" } else { "warning" };
            self.result(out, row, failure.kind.name(), level, &failure.text)?;
        } else if let Some(status) = report.status()
            && row.problems.contains(&status.to_string())
        {
            let id = format!("status-{status}");
            self.rules.entry(id.clone()).or_insert_with(|| {
                json!({"id": id, "shortDescription": {"text": format!("The final status is {}", named(status))}})
            });
            self.result(
                out,
                row,
                &id,
                "error",
                &format!("answered {}", named(status)),
            )?;
        }
        for finding in &report.findings {
            let rule = finding.rule;
            self.rules.entry(rule.id.to_owned()).or_insert_with(|| {
                let source = rule.sources.first();
                let mut about = json!({
                    "id": rule.id,
                    "shortDescription": {"text": rule.title},
                    "help": {"text": rule.why, "markdown": rule.why},
                    "defaultConfiguration": {"level": level(rule.severity)},
                });
                if let Some(source) = source {
                    about["fullDescription"] =
                        json!({"text": format!("{} ({})", rule.title, source.title)});
                    about["helpUri"] = json!(source.url);
                }
                about
            });
            self.result(out, row, rule.id, level(rule.severity), &finding.text)?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
        let rules: Vec<&Value> = self.rules.values().collect();
        let tool = json!({"driver": {
            "name": "siteerror",
            "version": env!("CARGO_PKG_VERSION"),
            "informationUri": "https://github.com/siteerror/siteerror",
            "rules": rules,
        }});
        let invocations = json!([{"executionSuccessful": !totals.stopped}]);
        writeln!(
            out,
            "\n],\"tool\":{tool},\"invocations\":{invocations}}}]}}"
        )
    }
}

impl Sarif {
    fn kind(&mut self, kind: Kind) {
        self.rules.entry(kind.name().to_owned()).or_insert_with(
            || json!({"id": kind.name(), "shortDescription": {"text": kind.text()}}),
        );
    }

    fn result(
        &mut self,
        out: &mut dyn Write,
        row: &Row<'_>,
        rule: &str,
        level: &str,
        text: &str,
    ) -> io::Result<()> {
        let url = &row.report.url;
        let physical = match row.place {
            Some(place) => json!({
                "artifactLocation": {"uri": relative(&place.file)},
                "region": {"startLine": place.line},
            }),
            None => json!({"artifactLocation": {"uri": uri(url)}}),
        };
        let result = json!({
            "ruleId": rule,
            "level": level,
            "message": {"text": format!("{url}: {text}")},
            "locations": [{
                "physicalLocation": physical,
                "logicalLocations": [{"fullyQualifiedName": url, "kind": "resource"}],
            }],
            "partialFingerprints": {"url/v1": url},
        });
        let comma = if self.is_begun { ",\n" } else { "\n" };
        self.is_begun = true;
        write!(out, "{comma}{result}")
    }
}

/// SARIF calls what is only worth knowing a note.
const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "note",
    }
}

/// A path as a reference: RFC 3986 §2.1.
fn relative(path: &str) -> String {
    uri(&path.replace('\\', "/"))
}

/// What no URI may hold, percent-encoded.
fn uri(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let is_bad = !byte.is_ascii_graphic()
            || matches!(
                byte,
                b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'
            );
        if is_bad {
            let _ = std::fmt::Write::write_fmt(&mut out, format_args!("%{byte:02X}"));
        } else {
            out.push(char::from(byte));
        }
    }
    out
}
