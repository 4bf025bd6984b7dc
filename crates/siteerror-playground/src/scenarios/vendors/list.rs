//! All codes of vendors, listed: as JSON, as a page, or as text.

use askama::Template;
use http::header::VARY;
use serde::Serialize;
use serde_json::json;

use crate::accept;
use crate::call::Call;
use crate::gateway::Upstream;
use crate::refusal::Refusal;
use crate::reply::{HTML, Reply, TEXT};
use crate::scenario::Outcome;
use crate::vendors::{Vendor, VendorCode};

/// A vendor with its codes, for JSON.
#[derive(Serialize)]
struct Listed {
    vendor: Vendor,
    name: &'static str,
    codes: Vec<ListedCode>,
}

#[derive(Serialize)]
struct ListedCode {
    #[serde(flatten)]
    code: &'static VendorCode,
    /// The first is the one without `?cause=`.
    causes: Vec<&'static str>,
    url: String,
}

#[derive(Template)]
#[template(path = "vendors.html")]
struct Page<'a> {
    vendors: &'a [Listed],
    upstreams: Vec<(&'static str, &'static str)>,
}

pub(super) fn list(call: &mut Call) -> Outcome {
    let vendors: Vec<Listed> = Vendor::ALL
        .iter()
        .map(|vendor| Listed {
            vendor: *vendor,
            name: vendor.title(),
            codes: vendor
                .codes()
                .iter()
                .map(|code| ListedCode {
                    code,
                    causes: code.causes().collect(),
                    url: call.here(&format!("/vendor/{}/{}", vendor.word(), code.code)),
                })
                .collect(),
        })
        .collect();
    let upstreams: Vec<(&str, &str)> = Upstream::ALL
        .iter()
        .map(|upstream| (upstream.name(), upstream.about()))
        .collect();
    let offered = ["application/json", "text/html", "text/plain"];
    let reply = match accept::choose(&call.parts.headers, &offered) {
        Some(1) => {
            let page = Page {
                vendors: &vendors,
                upstreams,
            };
            let page = page
                .render()
                .map_err(|error| Refusal::new("internal-error", 500, error.to_string()))?;
            Reply::ok(HTML, page)
        }
        Some(2) => Reply::ok(TEXT, text(&vendors)),
        _ => Reply::json(&json!({
            "vendors": vendors,
            "upstreams": upstreams.iter().map(|(name, about)| json!({ "name": name, "about": about })).collect::<Vec<_>>(),
        })),
    };
    Ok(reply.fixed(VARY, "Accept"))
}

fn text(vendors: &[Listed]) -> String {
    let mut text = String::new();
    for vendor in vendors {
        for line in vendor.lines() {
            text.push_str(&line);
            text.push('\n');
        }
        text.push('\n');
    }
    text
}

impl Listed {
    /// For a terminal.
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.name.to_owned()];
        for ListedCode { code, causes, url } in &self.codes {
            lines.push(format!("  {url}"));
            lines.push(format!("    {}: {}", code.name, code.about));
            lines.push(format!("    On the wire: {}", code.on_the_wire));
            if causes.len() > 1 {
                lines.push(format!("    Causes: {}", causes.join(", ")));
            }
            lines.push(format!("    Source: {}", code.source));
        }
        lines
    }
}
