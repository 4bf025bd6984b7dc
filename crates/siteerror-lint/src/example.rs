//! The examples of a page, run as the linter would meet them: a response, a chain, or an exchange and its probes.

use std::sync::Arc;

use siteerror_wire::connection::{Certificate, Key, Tls};
use siteerror_wire::field::HttpDate;

use crate::chain::{Chain, Hop, Probe, Probed, Probes};
use crate::finding::Finding;
use crate::linter::{lint, lint_chain, lint_probes};
use crate::page::{Context, Group, Page};
use crate::subject::Subject;
use crate::text::{Text, read};
use crate::values;

/// What is found in the good or the bad example of a page. The first message has the hop 0; in a chain each message is a hop, and on pages about
/// probes the first is the exchange that the others, by what their requests ask, are probes of.
pub fn run(page: &Page, good: bool) -> Vec<Finding> {
    let steps = if good { page.good } else { page.bad };
    let texts: Vec<Text> = steps
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let url = (index == 0)
                .then(|| first_url(&page.context, good))
                .flatten();
            let mut text = read(step.response, step.request, url);
            text.received_at_unix_s = page
                .context
                .received_at
                .and_then(|date| values::date(date.as_bytes()))
                .map(HttpDate::unix_s);
            let certificate = if good {
                page.context.certificate_good
            } else {
                None
            };
            if let Some(certificate) = certificate.or(page.context.certificate) {
                text.connection.tls = Some(Arc::new(tls(certificate)));
            }
            let tls_like = page.context.closed || page.context.broken;
            text.connection.close_notify = tls_like.then_some(good || !page.context.broken);
            text
        })
        .collect();
    if page.group == Group::Probes {
        return probes(&texts);
    }
    if texts.len() > 1 {
        return chain(&texts, page.context.url.unwrap_or_default());
    }
    texts
        .iter()
        .flat_map(|text| lint(text.given(), 0))
        .collect()
}

fn first_url(context: &Context, good: bool) -> Option<&'static str> {
    let mended = if good { context.url_good } else { None };
    mended.or(context.url)
}

fn chain(texts: &[Text], first: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut url = first.to_owned();
    let mut urls = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        found.extend(lint(text.given(), index));
        let head = text
            .received
            .response
            .as_ref()
            .map(|response| &response.head);
        let location = head.and_then(|head| head.fields().get("location"));
        let to = location.and_then(|value| values::resolve(&url, &String::from_utf8_lossy(&value)));
        urls.push((url.clone(), to.clone()));
        url = to.unwrap_or_default();
    }
    let hops: Vec<Hop<'_>> = texts
        .iter()
        .zip(&urls)
        .map(|(text, (url, to))| Hop {
            url,
            to: to.as_deref(),
            subject: Subject::new(text.given()),
        })
        .collect();
    let last = urls.last().and_then(|(_, to)| to.as_deref());
    let loops_to = last.and_then(|to| urls.iter().position(|(url, _)| url == to));
    found.extend(lint_chain(&Chain {
        hops: &hops,
        loops_to,
    }));
    found
}

fn probes(texts: &[Text]) -> Vec<Finding> {
    let Some((base, rest)) = texts.split_first() else {
        return Vec::new();
    };
    let Some(subject) = Subject::new(base.given()) else {
        return Vec::new();
    };
    let mut found = lint(base.given(), 0);
    let answers: Vec<Probed<'_>> = rest
        .iter()
        .filter_map(|text| {
            Some(Probed {
                probe: probe_of(text),
                subject: Subject::new(text.given())?,
            })
        })
        .collect();
    found.extend(lint_probes(
        &Probes {
            base: subject,
            answers: &answers,
        },
        0,
    ));
    found
}

/// What a request asks beyond what the first one did.
fn probe_of(text: &Text) -> Probe {
    let Some(request) = &text.request else {
        return Probe::Repeat;
    };
    let fields = request.head.fields();
    if request.head.method() == b"HEAD" {
        Probe::Head
    } else if fields.contains("if-none-match") || fields.contains("if-modified-since") {
        Probe::Conditional
    } else if fields.contains("range") {
        Probe::Range
    } else if let Some(codings) = fields.get("accept-encoding") {
        if codings.as_ref() == b"identity" {
            Probe::Identity
        } else {
            Probe::Coded
        }
    } else if fields.contains("accept-language") {
        Probe::Language
    } else if fields.contains("accept") {
        Probe::Accept
    } else {
        Probe::Repeat
    }
}

/// `not-before = …; not-after = …; key = RSA 2048`: dates as in HTTP.
fn tls(text: &str) -> Tls {
    let value = |name: &str| {
        text.split(';').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key.trim() == name).then(|| value.trim())
        })
    };
    let time = |name| {
        value(name)
            .and_then(|date| values::date(date.as_bytes()))
            .map_or(0, HttpDate::unix_s)
    };
    let key = value("key").unwrap_or("EC P-256");
    let bits = key.rsplit(' ').next().and_then(|bits| bits.parse().ok());
    Tls {
        version: "1.3".to_owned(),
        cipher: "TLS_AES_128_GCM_SHA256".to_owned(),
        alpn: None,
        certificate: Some(Certificate {
            subject: value("subject").unwrap_or("CN=www.example.com").to_owned(),
            issuer: value("issuer").unwrap_or("CN=Example CA").to_owned(),
            names: vec!["www.example.com".to_owned()],
            not_before_unix_s: time("not-before"),
            not_after_unix_s: time("not-after"),
            key: match bits {
                Some(bits) if key.starts_with("RSA") => Key::Rsa(bits),
                _ if key.starts_with("EC") => Key::Ec("P-256".to_owned(), 256),
                _ => Key::Other(key.to_owned()),
            },
            signature: "ecdsa-with-SHA256".to_owned(),
            sha256: [0; 32],
        }),
        chain_length: 2,
    }
}
