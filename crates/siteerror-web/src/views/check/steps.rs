//! The hops of a chain: what each status means, and what a redirect changes.

use std::time::Duration;

use siteerror_catalog::{Class, catalog};
use siteerror_check::{Failure, Hop, Report};
use siteerror_guard::show::{Plain, is_linkable};

use super::timing::{Fall, Scale};
use super::words::capital;
use crate::views::hue;

/// A hop.
#[derive(Debug)]
pub(in crate::views) struct Step {
    pub(in crate::views) number: usize,
    pub(in crate::views) method: String,
    pub(in crate::views) url: String,
    /// Whether it can be a link.
    pub(in crate::views) linkable: bool,
    pub(in crate::views) hue: &'static str,
    pub(in crate::views) status: Option<u16>,
    pub(in crate::views) title: String,
    /// The page of the code.
    pub(in crate::views) href: Option<String>,
    pub(in crate::views) say: String,
    /// Interim responses before the final one.
    pub(in crate::views) interims: Vec<(u16, String)>,
    pub(in crate::views) carried: String,
    pub(in crate::views) fall: Fall,
}

pub(super) fn steps(report: &Report, scale: &Scale) -> Vec<Step> {
    let mut began = Duration::ZERO;
    let mut steps = Vec::new();
    for (index, hop) in report.hops.iter().enumerate() {
        let failure = report
            .failure
            .as_ref()
            .filter(|failure| failure.hop == index);
        steps.push(step(hop, index, failure, scale.fall(hop, index + 1, began)));
        began += hop.timings.total;
    }
    steps
}

fn step(hop: &Hop, index: usize, failure: Option<&Failure>, fall: Fall) -> Step {
    let status = hop.status();
    let code = status.and_then(|status| catalog().number(status));
    let unassigned = status.and_then(|status| catalog().unassigned(status));
    let class = status.and_then(Class::of);
    let mut say = match (code, status) {
        (Some(code), _) => code.summary.to_owned(),
        (None, Some(status)) => match class {
            Some(class) => format!(
                "Nobody registered {status}: clients treat it as {}.",
                class.x00()
            ),
            None => format!("{status} is outside of the classes: clients treat it as a 5xx."),
        },
        (None, None) => failure.map_or_else(
            || "It was not asked.".to_owned(),
            |failure| format!("{}.", capital(failure.kind.text())),
        ),
    };
    if let Some(to) = hop.location.as_deref().filter(|_| hop.leads_on)
        && let Some(why) = way(&hop.url, to)
    {
        say.push(' ');
        say.push_str(why);
    }
    let interims = hop
        .exchange
        .iter()
        .flat_map(|exchange| &exchange.received.interims)
        .filter_map(|interim| {
            let status = interim.head.status()?;
            let title = catalog().number(status).map_or_else(
                || "not registered".to_owned(),
                |code| code.title().to_owned(),
            );
            Some((status, title))
        })
        .collect();
    Step {
        number: index + 1,
        method: hop.method.clone(),
        url: Plain(&hop.url).to_string(),
        linkable: is_linkable(&hop.url),
        hue: class.map_or("5", hue),
        status,
        title: code.map_or_else(
            || {
                if status.is_some() {
                    "not registered".to_owned()
                } else {
                    "No answer".to_owned()
                }
            },
            |code| code.title().to_owned(),
        ),
        href: code
            .map(|code| code.id.path())
            .or_else(|| unassigned.map(|code| format!("/{}", code.id()))),
        say,
        interims,
        carried: carried(hop),
        fall,
    }
}

/// What a redirect changes, where that can be said shortly.
fn way(from: &str, to: &str) -> Option<&'static str> {
    let parts = |url: &str| {
        let (scheme, rest) = url.split_once("://")?;
        let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        Some((
            scheme.to_owned(),
            host.to_ascii_lowercase(),
            path.to_owned(),
        ))
    };
    let ((s1, h1, p1), (s2, h2, p2)) = (parts(from)?, parts(to)?);
    let www = |a: &str, b: &str| b.strip_prefix("www.") == Some(a);
    if s1 == "http" && s2 == "https" && h1 == h2 {
        Some("From clear text to TLS.")
    } else if s1 == "https" && s2 == "http" {
        Some("From TLS back to clear text, where anybody on the way can read and change it.")
    } else if www(&h1, &h2) {
        Some("From the bare name to www.")
    } else if www(&h2, &h1) {
        Some("From www to the bare name.")
    } else if h1 != h2 {
        Some("To another host.")
    } else if format!("{p1}/") == p2 {
        Some("A slash is added at the end.")
    } else {
        None
    }
}

/// Over what it came.
fn carried(hop: &Hop) -> String {
    let mut parts = Vec::new();
    if let Some(head) = hop.head() {
        let line = head.start_line();
        let version = line.split(|byte| *byte == b' ').next().unwrap_or_default();
        if version.starts_with(b"HTTP/") && version.len() <= 10 {
            parts.push(
                siteerror_wire::write::Shown(version)
                    .to_string()
                    .replace("\\r\\n", ""),
            );
        }
    }
    if let Some(address) = hop.address {
        parts.push(address.to_string());
    }
    if let Some(tls) = hop.tls.as_ref().filter(|tls| !tls.version.is_empty()) {
        parts.push(format!("TLS {}", Plain(&tls.version)));
    }
    parts.join(" · ")
}
