//! What must not be: the list of `--fail-on`, and what of it a report has.

use siteerror_check::bulk::Baseline;
use siteerror_check::{Kind, Report};
use siteerror_lint::Severity;

/// One entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    Status(u16),
    /// The first digit.
    Class(u16),
    /// Any failure.
    Failure,
    Kind(Kind),
    /// Findings that grave or graver, and failures.
    Severity(Severity),
    Rule(&'static str),
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FailOn(Vec<Term>);

impl Default for FailOn {
    fn default() -> Self {
        Self(vec![Term::Failure, Term::Class(4), Term::Class(5)])
    }
}

impl FailOn {
    /// Reads the list.
    ///
    /// # Errors
    ///
    /// What is wrong, and what may have been meant.
    pub(super) fn parse(words: &[String]) -> Result<Self, (String, String)> {
        let mut terms = Vec::new();
        for word in words
            .iter()
            .flat_map(|words| words.split(','))
            .map(str::trim)
        {
            let lower = word.to_ascii_lowercase();
            let digits = lower.strip_suffix("xx").unwrap_or(&lower);
            match lower.as_str() {
                "" | "never" => {}
                "default" => terms.extend(Self::default().0),
                "failure" => terms.push(Term::Failure),
                "error" => terms.push(Term::Severity(Severity::Error)),
                "warn" => terms.push(Term::Severity(Severity::Warn)),
                "info" => terms.push(Term::Severity(Severity::Info)),
                _ => match (digits.parse::<u16>(), digits.len()) {
                    (Ok(class @ 1..=9), 1) if lower.len() == 3 => terms.push(Term::Class(class)),
                    (Ok(status @ 100..=999), 3) if digits == lower => {
                        terms.push(Term::Status(status));
                    }
                    _ => terms.push(named(&lower).ok_or_else(|| unknown(word))?),
                },
            }
        }
        Ok(Self(terms))
    }

    /// What a report has of the list, by name, without what is known already. A failure comes first, then the status, then findings.
    pub(crate) fn problems(&self, report: &Report, known: Option<&Baseline>) -> Vec<String> {
        let has = |wanted: &dyn Fn(&Term) -> bool| self.0.iter().any(wanted);
        let mut problems = Vec::new();
        if let Some(failure) = &report.failure
            && has(&|term| match term {
                Term::Failure | Term::Severity(_) => true,
                Term::Kind(kind) => *kind == failure.kind,
                _ => false,
            })
        {
            problems.push(failure.kind.name().to_owned());
        }
        if let Some(status) = report.status()
            && has(&|term| match term {
                Term::Status(one) => *one == status,
                Term::Class(class) => *class == status / 100,
                _ => false,
            })
        {
            problems.push(status.to_string());
        }
        for finding in &report.findings {
            let rule = finding.rule;
            let counts = has(&|term| match term {
                Term::Severity(severity) => rule.severity >= *severity,
                Term::Rule(id) => *id == rule.id,
                _ => false,
            });
            if counts && !problems.iter().any(|problem| problem == rule.id) {
                problems.push(rule.id.to_owned());
            }
        }
        if let Some(known) = known {
            problems.retain(|problem| !known.knows(&report.url, problem));
        }
        problems
    }
}

/// A kind of failure, or a rule.
fn named(word: &str) -> Option<Term> {
    let kind = Kind::ALL.iter().find(|kind| kind.name() == word);
    kind.map(|kind| Term::Kind(*kind))
        .or_else(|| siteerror_lint::rule(word).map(|rule| Term::Rule(rule.id)))
}

fn unknown(word: &str) -> (String, String) {
    let words = ["failure", "error", "warn", "info", "default", "never"];
    let kinds = Kind::ALL.iter().map(|kind| kind.name());
    let rules = siteerror_lint::rules().iter().map(|rule| rule.id);
    let close = words
        .into_iter()
        .chain(kinds)
        .chain(rules)
        .max_by(|a, b| strsim::jaro_winkler(word, a).total_cmp(&strsim::jaro_winkler(word, b)))
        .filter(|close| strsim::jaro_winkler(word, close) > 0.8);
    let hint = close.map_or_else(
        || "siteerror check --help says what it takes".to_owned(),
        |close| format!("did you mean `{close}`?"),
    );
    (format!("`--fail-on` does not know `{word}`"), hint)
}

#[cfg(test)]
mod tests {
    use super::FailOn;

    #[test]
    fn a_list_is_read_or_the_word_that_is_wrong_is_told() {
        let parse = |text: &str| FailOn::parse(&[text.to_owned()]);
        for right in [
            "never",
            "4xx,503",
            "error",
            "timeout, 5XX",
            "redirect-without-location",
            "default,warn",
        ] {
            assert!(parse(right).is_ok(), "{right}");
        }
        assert_eq!(parse("default"), Ok(FailOn::default()));
        for (wrong, hint) in [
            ("timeot", "`timeout`"),
            ("redirect-without-loction", "`redirect-without-location`"),
            ("4x", "--help"),
            ("42", "--help"),
            ("1234", "--help"),
        ] {
            let (what, found) = parse(wrong).expect_err(wrong);
            assert!(
                what.contains(wrong) && found.contains(hint),
                "{what}; {found}"
            );
        }
    }
}
