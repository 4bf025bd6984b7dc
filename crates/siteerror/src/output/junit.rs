//! Reports as the XML of `JUnit`: a test case each, which fails with what `--fail-on` lists.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use siteerror_guard::show::Plain;

use super::report::{Face, Row, Totals};

/// `JUnit`.
#[derive(Debug)]
pub(crate) struct Junit;

impl Face for Junit {
    fn is_headed_by_totals(&self) -> bool {
        true
    }

    fn begin(&mut self, out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
        let mut xml = Writer::new(&mut *out);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let seconds = std::time::Duration::from_millis(totals.elapsed_ms).as_secs_f64();
        let counts = [
            ("name", "siteerror check".to_owned()),
            ("tests", totals.checked.to_string()),
            ("failures", totals.bad.to_string()),
            ("errors", "0".to_owned()),
            ("skipped", "0".to_owned()),
            ("time", format!("{seconds:.3}")),
        ];
        let counts = counts.iter().map(|(name, value)| (*name, value.as_str()));
        xml.write_event(Event::Text(BytesText::new("\n")))?;
        let suite = BytesStart::new("testsuite").with_attributes(counts);
        xml.write_event(Event::Start(suite))?;
        xml.write_event(Event::Text(BytesText::new("\n")))
    }

    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
        let mut xml = Writer::new(&mut *out);
        let report = row.report;
        let url = legal(&report.url);
        let time = format!("{:.3}", row.total_ms() / 1000.0);
        let line = row.place.map(|place| place.line.to_string());
        let file = row.place.map(|place| legal(&place.file));
        let mut case = BytesStart::new("testcase").with_attributes([
            ("classname", "siteerror.check"),
            ("name", url.as_str()),
            ("time", time.as_str()),
        ]);
        if let (Some(file), Some(line)) = (&file, &line) {
            case.push_attribute(("file", file.as_str()));
            case.push_attribute(("line", line.as_str()));
        }
        if row.problems.is_empty() {
            xml.write_event(Event::Empty(case))?;
        } else {
            xml.write_event(Event::Start(case))?;
            let message = legal(&row.what());
            let kind = row.problems.first().map_or("", String::as_str);
            let failure = BytesStart::new("failure")
                .with_attributes([("message", message.as_str()), ("type", kind)]);
            xml.write_event(Event::Start(failure))?;
            xml.write_event(Event::Text(BytesText::new(&details(row))))?;
            xml.write_event(Event::End(BytesEnd::new("failure")))?;
            xml.write_event(Event::End(BytesEnd::new("testcase")))?;
        }
        xml.write_event(Event::Text(BytesText::new("\n")))
    }

    fn end(&mut self, out: &mut dyn Write, _: &Totals) -> io::Result<()> {
        out.write_all(b"</testsuite>\n")
    }
}

/// The hops and what was found, a line each.
fn details(row: &Row<'_>) -> String {
    let mut lines = Vec::new();
    for hop in &row.report.hops {
        let status = hop.status();
        let status = status.map_or_else(|| "no answer".to_owned(), super::report::named);
        lines.push(format!("{} {}: {status}", hop.method, hop.url));
    }
    for finding in &row.report.findings {
        let rule = finding.rule;
        lines.push(format!(
            "{} {}: {}",
            rule.severity.name(),
            rule.id,
            finding.text
        ));
    }
    lines
        .iter()
        .map(|line| legal(line))
        .collect::<Vec<_>>()
        .join("\n")
}

/// XML 1.0 §2.2 has no controls, and two characters that are none.
fn legal(text: &str) -> String {
    Plain(text)
        .to_string()
        .replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
