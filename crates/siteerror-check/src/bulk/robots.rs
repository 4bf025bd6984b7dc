//! RFC 9309, the Robots Exclusion Protocol: which paths of a host a program that visits many may ask for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::RandomState;
use siteerror_guard::Target;
use tokio::sync::OnceCell;

use crate::chain::{self, Job, Start, shown};
use crate::check::{Options, look};
use crate::content::Hash;
use crate::hop::{Hop, Scratch};
use crate::report::Report;

/// Our name in robots.txt: RFC 9309 §2.2.1, "product token".
const NAME: &str = "siteerror";

/// Rules of so many origins are kept at a time.
const KEPT: usize = 4096;

/// RFC 9309 §2.3.1.2: "crawlers SHOULD follow at least five consecutive redirects".
const REDIRECTS: usize = 5;

/// What every robots.txt said.
#[derive(Debug, Default)]
pub(super) struct Robots {
    known: Mutex<HashMap<String, Arc<OnceCell<Rules>>, RandomState>>,
}

impl Robots {
    /// Whether a target may be asked for.
    pub(super) async fn allow(&self, target: &Target, job: Job<'_>, scratch: &mut Scratch) -> bool {
        let url = target.url();
        let origin = url[..url::Position::BeforePath].to_owned();
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= KEPT {
                known.clear();
            }
            Arc::clone(known.entry(origin.clone()).or_default())
        };
        let rules = cell.get_or_init(|| get(origin, job, scratch)).await;
        rules.allow(&url[url::Position::BeforePath..url::Position::AfterQuery])
    }
}

async fn get(origin: String, job: Job<'_>, scratch: &mut Scratch) -> Rules {
    let url = format!("{origin}/robots.txt");
    // The whole text is needed, and only the beginning of what is decoded is kept.
    let mut fields = vec![("Accept-Encoding".to_owned(), "identity".to_owned())];
    let given = job.options.fields.iter();
    fields.extend(
        given
            .filter(|(name, _)| name.eq_ignore_ascii_case("user-agent"))
            .cloned(),
    );
    let options = Options {
        method: "GET".to_owned(),
        max_redirects: REDIRECTS,
        hash: Hash::None,
        probes: false,
        fields,
        ..job.options.clone()
    };
    let start = Start {
        url: &url,
        target: job.checker.guard.url(&url),
    };
    let job = Job {
        options: &options,
        ..job
    };
    let report = look(job, start, scratch).await;
    match report.status() {
        Some(200..300) => Rules::parse(&report.hops.last().map(text).unwrap_or_default(), NAME),
        // RFC 9309 §2.3.1.3: "If a server status code indicates that the robots.txt file is unavailable to the crawler, then the crawler MAY access any resources".
        Some(300..500) => Rules::default(),
        // §2.3.1.4: "If the robots.txt file is unreachable due to server or network errors … the crawler MUST assume complete disallow."
        _ => Rules {
            rules: vec![Rule {
                allow: false,
                path: "/".to_owned(),
            }],
        },
    }
}

/// The text of a file: RFC 9309 §2.5 wants at least 500 KiB to be read.
fn text(hop: &Hop) -> Vec<u8> {
    let response = hop
        .exchange
        .as_ref()
        .and_then(|exchange| exchange.received.response.as_ref());
    match (&hop.content, response) {
        (Some(content), _) if !content.codings.is_empty() => content.beginning.clone(),
        (_, Some(response)) => response.body.content().into_owned(),
        _ => Vec::new(),
    }
}

/// The report of a URL that robots.txt closes.
pub(super) fn forbidden(url: &str, now_unix_s: i64) -> Report {
    Report {
        url: shown(url),
        attempts: 0,
        requests: 0,
        hops: Vec::new(),
        probes: Vec::new(),
        warnings: Vec::new(),
        failure: Some(chain::forbidden().at(0)),
        findings: Vec::new(),
        retry_after_s: None,
        recalled: None,
        now_unix_s,
    }
}

/// The rules for us.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Rules {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    allow: bool,
    path: String,
}

impl Rules {
    /// RFC 9309 §2.2: the groups that name us, or those for all.
    fn parse(bytes: &[u8], name: &str) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        let (mut ours, mut all) = (Self::default(), Self::default());
        let (mut for_us, mut for_all, mut named_us) = (false, false, false);
        let mut in_rules = false;
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "user-agent" => {
                    if in_rules {
                        (for_us, for_all, in_rules) = (false, false, false);
                    }
                    for_all |= value == "*";
                    for_us |= value.eq_ignore_ascii_case(name);
                    named_us |= for_us;
                }
                "allow" | "disallow" => {
                    in_rules = true;
                    // An empty rule matches nothing.
                    if value.is_empty() {
                        continue;
                    }
                    let rule = Rule {
                        allow: key == "allow",
                        path: value.to_owned(),
                    };
                    if for_us {
                        ours.rules.push(rule.clone());
                    }
                    if for_all {
                        all.rules.push(rule);
                    }
                }
                _ => {}
            }
        }
        if named_us { ours } else { all }
    }

    /// RFC 9309 §2.2.2: "The most specific match found MUST be used. … If an "allow" rule and a "disallow" rule are equivalent, then the "allow" rule SHOULD be used."
    fn allow(&self, path: &str) -> bool {
        if path == "/robots.txt" {
            return true;
        }
        self.rules
            .iter()
            .filter(|rule| matches(&rule.path, path))
            .max_by_key(|rule| (rule.path.len(), rule.allow))
            .is_none_or(|rule| rule.allow)
    }
}

/// RFC 9309 §2.2.3: `*` is any characters, `$` at the end is the end.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        last = Some(part);
        rest = rest
            .get(at.saturating_add(part.len())..)
            .unwrap_or_default();
    }
    // The last part may also stand at the very end, beyond the place where it was found first.
    !anchored || rest.is_empty() || last.is_some_and(|part| rest.ends_with(part))
}

#[cfg(test)]
mod tests {
    use super::{Rules, matches};

    /// The example of RFC 9309 §5.1.
    const EXAMPLE: &str = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\nUser-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\nUser-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n";

    #[test]
    fn the_example_of_rfc_9309_reads_as_it_says() {
        let foo = Rules::parse(EXAMPLE.as_bytes(), "foobot");
        assert!(!foo.allow("/"));
        assert!(foo.allow("/example/page.html"));
        let bar = Rules::parse(EXAMPLE.as_bytes(), "barbot");
        assert!(!bar.allow("/example/page.html"));
        assert!(bar.allow("/example/other.html"));
        let other = Rules::parse(EXAMPLE.as_bytes(), "siteerror");
        assert!(!other.allow("/a/b.gif"));
        assert!(other.allow("/a/b.gif?x"));
        assert!(!other.allow("/example/x"));
        assert!(other.allow("/publications/x"));
        // "The quxbot … is allowed to access all": a group without rules.
        assert!(Rules::parse(EXAMPLE.as_bytes(), "quxbot").allow("/example/x"));
    }

    #[test]
    fn the_longest_match_of_rfc_9309_wins() {
        // RFC 9309 §5.2.
        let text =
            "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
        let rules = Rules::parse(text.as_bytes(), "foobot");
        assert!(!rules.allow("/example/page/disallowed.gif"));
        assert!(rules.allow("/example/page/other"));
        assert!(matches("/a*b$", "/axbxb"));
        assert!(!matches("/a*b$", "/axbxc"));
    }
}
